using System.Net;
using System.Text.Json.Nodes;

namespace SlungOrleans.EndToEnd.Api;

/// <summary>What is asked for over HTTP is done, and refused where it does not fit.</summary>
public sealed class ActionTests(ServedStudy lab) : IClassFixture<ServedStudy>
{
    private const string Run = ServedStudy.Run;

    /// <summary>One study from its launch to its end, on one device: its other runs wait in the queue.</summary>
    [Fact]
    public async Task Study_Launched_IsPausedReorderedResumedCancelledAndRetried()
    {
        try
        {
            await SteerAsync();
        }
        finally
        {
            // The other tests of this lab need its only device.
            foreach (var study in new[] { "steered", "newer" })
            {
                using var cancelled = await lab.SendAsync($"api/studies/{study}/cancel", body: null);
            }
        }
    }

    private async Task SteerAsync()
    {
        var yaml = SmallStudy.Yaml("steered", steps: 20000, arms: "[full, masked]");
        using (var launched = await lab.SendAsync("api/studies", yaml, "application/yaml"))
        {
            Assert.Equal((HttpStatusCode.Created, "/api/studies/steered"), (launched.StatusCode, launched.Headers.Location!.ToString()));
        }

        await lab.UntilAsync("api/studies/steered", study => (string?)study["stage"] == "running", "the runs of the study");
        await lab.UntilAsync("api/cluster/leases", page => page["items"]!.AsArray().Any(lease => (string?)lease!["ticket"]!["kind"] == "train"), "a run on the device");
        await lab.UntilAsync("api/cluster", cluster => (int)cluster["queued"]! == 3, "the other three in the queue");
        var queue = (await lab.ListAsync("api/cluster/queue", 2)).Select(item => (string)item["key"]!).ToList();
        var last = queue[^1];
        var moved = await lab.PostAsync("api/cluster/queue/move", $$"""{ "kind": "train", "key": "{{last}}", "before": { "kind": "train", "key": "{{queue[0]}}" } }""");
        Assert.Equal([last, .. queue[..^1]], moved["items"]!.AsArray().Select(item => (string)item!["key"]!));
        Assert.Single(await lab.ListAsync("api/cluster/leases", 10));

        var id = "steered-masked-a500-s1";
        Assert.Equal("paused", (string?)(await lab.PostAsync($"api/runs/{id}/pause"))["training"]!["state"]);
        Assert.Equal("queued", (string?)(await lab.PostAsync($"api/runs/{id}/resume"))["training"]!["state"]);
        Assert.Equal("cancelled", (string?)(await lab.PostAsync($"api/runs/{id}/cancel"))["training"]!["state"]);
        Assert.Equal("queued", (string?)(await lab.PostAsync($"api/runs/{id}/retry"))["training"]!["state"]);
        using (var gone = await lab.SendAsync("api/cluster/queue/move", """{ "kind": "train", "key": "none" }"""))
        {
            await Problem.AssertAsync(gone, HttpStatusCode.Conflict, "'none' does not wait in the queue any more.");
        }

        Assert.True((bool)(await lab.PostAsync("api/studies/steered/pause"))["paused"]!);
        using (var other = await lab.SendAsync("api/studies", yaml.Replace("steps: 20000", "steps: 3000", StringComparison.Ordinal), "application/yaml"))
        {
            await Problem.AssertAsync(other, HttpStatusCode.Conflict, "There is");
        }

        Assert.False((bool)(await lab.PostAsync("api/studies/steered/resume"))["paused"]!);
        using (var continued = await lab.SendAsync("api/studies/steered/continue", """{ "steps": 30000 }"""))
        {
            await Problem.AssertAsync(continued, HttpStatusCode.Conflict, "Study 'steered'");
        }

        Assert.Equal("cancelled", (string?)(await lab.PostAsync("api/studies/steered/cancel"))["stage"]);
        Assert.Equal("running", (string?)(await lab.PostAsync("api/studies/steered/retry"))["stage"]);
        Assert.Equal("cancelled", (string?)(await lab.PostAsync("api/studies/steered/cancel"))["stage"]);

        // Whoever was on the first page meets everything after it once, and the new study, which is before it, not at all.
        var first = await lab.GetAsync("api/studies?limit=1");
        Assert.Equal("steered", (string?)first["items"]![0]!["id"]);
        await lab.PostAsync("api/studies", SmallStudy.Yaml("newer", steps: 20000, arms: "[full]", seeds: "[0]"), "application/yaml");
        var rest = await lab.GetAsync($"api/studies?cursor={first["next"]}");
        Assert.Equal([ServedStudy.Study], rest["items"]!.AsArray().Select(study => (string?)study!["id"]));
    }

    [Fact]
    public async Task Checkpoints_PinnedVerifiedAndPruned_GoAsThePlanSays()
    {
        var address = $"api/runs/{Run}/checkpoints";
        Assert.True((bool)(await lab.PostAsync($"{address}/10/pin"))["pinned"]!);
        Assert.Empty((await lab.GetAsync($"{address}/plan?latest=1"))["deleted"]!.AsArray());
        using (var pinned = await lab.SendAsync($"{address}/prune", await NamesAsync(address, 10)))
        {
            await Problem.AssertAsync(pinned, HttpStatusCode.Conflict, "");
        }

        Assert.False((bool)(await lab.PostAsync($"{address}/10/unpin"))["pinned"]!);
        Assert.Equal((true, null), ((bool)(await lab.PostAsync($"{address}/10/verify"))["whole"]!, (string?)(await lab.PostAsync($"{address}/20/verify"))["damage"]));
        using (var missing = await lab.SendAsync($"{address}/17/verify", body: null))
        {
            await Problem.AssertAsync(missing, HttpStatusCode.NotFound, $"Run '{Run}' has no checkpoint of step 17");
        }

        var certificate = await lab.PostAsync($"api/runs/{Run}/certificate");
        Assert.Equal("identical", (string?)certificate["verdict"]);
        Assert.Equal(certificate.ToJsonString(), (await lab.GetAsync($"api/runs/{Run}/certificate")).ToJsonString());

        var names = await NamesAsync(address, 10);
        Assert.Equal(1, (int)(await lab.PostAsync($"{address}/prune", names))["deleted"]!);
        Assert.Equal(20, (int)Assert.Single(await lab.ListAsync(address, 10))["step"]!);
        using var again = await lab.SendAsync($"{address}/prune", names);
        await Problem.AssertAsync(again, HttpStatusCode.Conflict, "");
    }

    [Fact]
    public async Task RunAndEvaluation_Continued_GoOn()
    {
        const string other = "small-full-a500-s0";
        Assert.Equal("queued", (string?)(await lab.PostAsync($"api/runs/{other}/continue", """{ "steps": 24 }"""))["training"]!["state"]);
        await lab.UntilAsync($"api/runs/{other}", run => (string?)run["training"]!["state"] == "completed" && (int)run["training"]!["progress"]!["done"]! == 24, "24 steps");
        using (var fewer = await lab.SendAsync($"api/runs/{other}/continue", """{ "steps": 4 }"""))
        {
            await Problem.AssertAsync(fewer, HttpStatusCode.Conflict, "There are 24 steps already");
        }

        foreach (var action in new[] { "pause", "resume", "cancel", "retry" })
        {
            Assert.Equal("completed", (string?)(await lab.PostAsync($"api/evaluations/{other}-perplexity/{action}"))["work"]!["state"]);
        }
    }

    [Fact]
    public async Task Corpus_Imported_IsThereOnce()
    {
        var path = lab.Write("words.txt", "ado ben\n\ncar dul\n");
        var body = new JsonObject { ["name"] = "words", ["path"] = path, ["charactersPerDocument"] = 4 }.ToJsonString();
        using (var accepted = await lab.SendAsync("api/corpora", body))
        {
            Assert.Equal((HttpStatusCode.Accepted, "/api/corpora/words"), (accepted.StatusCode, accepted.Headers.Location!.ToString()));
        }

        await lab.UntilAsync("api/corpora/words", corpus => (string?)corpus["import"]!["state"] == "completed", "the import");
        Assert.Equal(["ado ben", "car dul"], (await lab.ListAsync("api/corpora/words/documents", 1)).Select(document => (string?)document["text"]));
        using var again = await lab.SendAsync("api/corpora", body);
        await Problem.AssertAsync(again, HttpStatusCode.Conflict, "There is a corpus 'words' already; choose another name.");
    }

    [Theory]
    [InlineData("api/studies", "name: Not a name", "application/yaml", 400, "The study has")]
    [InlineData("api/studies", "name: [", "application/yaml", 400, "")]
    [InlineData("api/studies", "name: x", "text/html", 415, "The body's kind is 'text/html; charset=utf-8', which is not read here; /api/openapi.json says what is.")]
    [InlineData("api/runs/small-masked-a500-s0/continue", "{ \"steps\": \"more\" }", "application/json", 400, "The body cannot be read as JSON at 'steps': line 1 does not have the form")]
    [InlineData("api/runs/small-masked-a500-s0/continue", "{", "application/json", 400, "The body cannot be read as JSON")]
    [InlineData("api/runs/none/pause", null, "application/json", 404, "There is no run 'none'.")]
    [InlineData("api/studies/none/cancel", null, "application/json", 404, "There is no study 'none'.")]
    [InlineData("api/evaluations/none/retry", null, "application/json", 404, "There is no evaluation 'none'.")]
    [InlineData("api/runs/small-masked-a500-s0/checkpoints/prune", "{ \"checkpoints\": [] }", "application/json", 400, "checkpoints: at least one is expected")]
    [InlineData("api/runs/small-masked-a500-s0/checkpoints/first/pin", null, "application/json", 400, "step: 'first' is not a whole number within range.")]
    [InlineData("api/corpora", "{ \"name\": \"words-2\" }", "application/json", 400, "path: corpus 'words-2' has none; the file to read is expected.")]
    [InlineData("api/corpora", "{ \"name\": \"words-2\", \"path\": \"x\", \"format\": \"doc\" }", "application/json", 400, "Corpus 'words-2': format 'doc' is not one of")]
    [InlineData("api/cluster/queue/move", "{ \"kind\": \"dance\", \"key\": \"x\" }", "application/json", 400, "The body cannot be read as JSON at 'kind'")]
    [InlineData("api/runs/small-masked-a500-s0/continue", "{}", "application/json", 400, "The body cannot be read as JSON")]
    public async Task Ask_WhatIsWrong_IsAProblemInOneSentence(string address, string? body, string kind, int status, string sentence)
    {
        using var answer = await lab.SendAsync(address, body, kind);

        await Problem.AssertAsync(answer, (HttpStatusCode)status, sentence);
    }

    [Theory]
    [InlineData("api/studies", "application/yaml")]
    [InlineData("api/corpora", "application/json")]
    [InlineData("api/cluster/queue/move", "application/json")]
    public async Task Ask_WithMoreThanAMegabyte_IsRefused(string address, string kind)
    {
        using var answer = await lab.SendAsync(address, new string(' ', (1 << 20) + 1), kind);

        await Problem.AssertAsync(answer, HttpStatusCode.RequestEntityTooLarge, "The body is larger than 1024 KiB, which is as much as this lab takes.");
    }

    [Fact]
    public async Task Ask_WithoutBearerAndAntiforgery_IsRefused()
    {
        using var client = new HttpClient { BaseAddress = lab.Address };

        using var answer = await client.PostAsync($"api/runs/{Run}/pause", content: null);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Commands_ThatChange_AreDoneByTheLabThatRuns()
    {
        var yaml = lab.Write("elsewhere.yaml", SmallStudy.Yaml("elsewhere", arms: "[full]", seeds: "[0]"));
        var (exitCode, output) = await SiloProcess.RunElsewhereAsync(lab.Address, token: null, "study", "run", yaml);
        Assert.True(exitCode == 0, output);
        Assert.Contains("elsewhere-full-a500-s0", output, StringComparison.Ordinal);

        var (again, refusal) = await SiloProcess.RunElsewhereAsync(lab.Address, token: null, "study", "run", yaml);
        Assert.Equal(1, again);
        Assert.Contains("There is a study 'elsewhere' already", refusal, StringComparison.Ordinal);

        var broken = lab.Write("broken.yaml", "name: broken\narms: [unheard-of]\n");
        var (faulty, faults) = await SiloProcess.RunElsewhereAsync(lab.Address, token: null, "study", "run", broken);
        Assert.Equal(1, faulty);
        Assert.StartsWith($"{broken}: Line 2: arms[0]: there is no arm 'unheard-of'", faults, StringComparison.Ordinal);

        var (nobody, silence) = await SiloProcess.RunElsewhereAsync(new Uri($"http://127.0.0.1:{SiloProcess.FreePort()}"), token: null, "study", "list");
        Assert.Equal(1, nobody);
        Assert.StartsWith("No lab answers at http://127.0.0.1:", silence, StringComparison.Ordinal);
    }

    private async Task<string> NamesAsync(string address, int step) => new JsonObject
    {
        ["checkpoints"] = new JsonArray(
            [.. (await lab.ListAsync(address, 10)).Where(checkpoint => (int)checkpoint["step"]! == step).Select(checkpoint => new JsonObject { ["step"] = step, ["epoch"] = (long)checkpoint["epoch"]! })]),
    }.ToJsonString();
}
