using System.Net;
using System.Net.Http.Headers;

namespace SlungOrleans.EndToEnd.Api;

/// <summary>A lab that asks for a token asks programs too.</summary>
public sealed class TokenTests
{
    private const string Token = "a-token-of-the-tests";

    [Fact]
    public async Task Api_OfALabWithTokens_IsOpenToWhoHasOneOnly()
    {
        using var folder = new TemporaryFolder();
        var (silo, address) = await SiloProcess.ServeAsync(Path.Combine(folder.Path, "data"), ("Lab__Token", Token));
        await using (silo)
        {
            using var client = new HttpClient { BaseAddress = address };
            using var refused = await client.GetAsync("api/studies");
            await Problem.AssertAsync(refused, HttpStatusCode.Unauthorized, "This lab asks for a sign-in token; expected in the header 'Authorization: Bearer …'.");
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
            using var allowed = await client.GetAsync("api/openapi.json");
            Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);

            var (without, refusal) = await SiloProcess.RunElsewhereAsync(address, token: null, "study", "list");
            Assert.Equal(1, without);
            Assert.Contains("asks for a sign-in token, and was given none or a wrong one; expected with --token or in SLUNGORLEANS_TOKEN.", refusal, StringComparison.Ordinal);
            var (byVariable, list) = await SiloProcess.RunElsewhereAsync(address, Token, "study", "list");
            Assert.True(byVariable == 0, list);
            var (byOption, same) = await SiloProcess.RunElsewhereAsync(address, token: null, "study", "list", "--token", Token);
            Assert.Equal((0, list), (byOption, same));
        }
    }
}
