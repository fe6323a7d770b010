using System.Net;
using System.Text.Json.Nodes;

namespace SlungOrleans.EndToEnd.Api;

/// <summary>An error as the API says it.</summary>
internal static class Problem
{
    public static async Task<JsonNode> AssertAsync(HttpResponseMessage answer, HttpStatusCode status, string sentence)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!;
        var detail = (string)problem["detail"]!;
        Assert.Equal((int)status, (int)problem["status"]!);
        Assert.NotEmpty((string)problem["title"]!);
        Assert.NotEmpty((string)problem["faults"]![0]!);
        Assert.StartsWith(sentence, detail, StringComparison.Ordinal);
        Assert.EndsWith(".", detail, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', detail);
        return problem;
    }
}
