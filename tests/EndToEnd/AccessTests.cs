using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace SlungOrleans.EndToEnd;

/// <summary>Who may reach a silo, as its process prints and refuses it.</summary>
public sealed partial class AccessTests
{
    private const float Minutes = 60_000;

    [Fact]
    public async Task Serve_EveryAddressWithoutNamesAndWithoutSignIn_RefusesToStartAndSaysAll()
    {
        using var folder = new TemporaryFolder();
        var silo = await SiloProcess.RunAsync(Path.Combine(folder.Path, "data"), "--url", "http://0.0.0.0:5080", "--devices", "-1");

        Assert.Equal(1, silo.ExitCode);
        Assert.Contains("Lab:AllowedHosts is empty", silo.Output, StringComparison.Ordinal);
        Assert.Contains("Lab:Devices is -1", silo.Output, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task SignIn_AddressThatTheSiloPrints_LaunchesAStudyThatIsAudited()
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.Path, "data");
        var other = $"http://127.0.0.1:{SiloProcess.FreePort()}";
        var (silo, address) = await SiloProcess.ServeAsync(data, ("Lab__RequireToken", "true"), ("Kestrel__Endpoints__Other__Url", other));
        await using (silo)
        {
            await Wait.UntilAsync(() => SignInAddress().IsMatch(silo.Output), "the address to sign in at", () => silo.Output);
            using var client = new HttpClient();
            using var refused = await client.GetAsync(address);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);

            // What Kestrel was told beside the lab's own address is not listened on.
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(other));

            using var playwright = await Playwright.CreateAsync();
            await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = BrowserFactAttribute.Chromium, Args = ["--no-sandbox", "--disable-gpu"] });
            var page = await browser.NewPageAsync();
            page.SetDefaultTimeout(2 * Minutes);
            var complaints = new List<string>();
            page.Console += (_, message) => complaints.AddRange(message.Type is "error" or "warning" ? [message.Text] : []);
            await page.GotoAsync(SignInAddress().Match(silo.Output).Value);
            await page.GetByRole(AriaRole.Heading, new() { Name = "Studies", Exact = true }).WaitForAsync();
            await page.GotoAsync(new Uri(address, "launch").ToString(), new() { WaitUntil = WaitUntilState.NetworkIdle });
            await page.GetByRole(AriaRole.Textbox, new() { Name = "YAML" }).FillAsync(SmallStudy.Yaml("audited"));
            await page.GetByRole(AriaRole.Button, new() { Name = "Launch" }).ClickAsync();
            await page.WaitForURLAsync("**/studies/audited");

            Assert.Empty(complaints);
            Assert.Contains("\"who\":\"token\",\"action\":\"launch\",\"kind\":\"study\",\"id\":\"audited\"}", Assert.Single(await File.ReadAllLinesAsync(Path.Combine(data, "audit.jsonl"))), StringComparison.Ordinal);
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Path.Combine(data, "keys")) == (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        }
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:[0-9]+/sign-in#token=[0-9a-f]{32}")]
    private static partial Regex SignInAddress();
}
