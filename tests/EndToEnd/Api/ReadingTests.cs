using System.Net;
using System.Text.Json.Nodes;

namespace SlungOrleans.EndToEnd.Api;

/// <summary>What is read over HTTP is what the lab has, and what its commands say.</summary>
public sealed class ReadingTests(ComparedStudy lab) : IClassFixture<ComparedStudy>
{
    [Fact]
    public void Commands_AskingALabThatRuns_SayByteForByteWhatTheySayInTheirOwn()
    {
        Assert.All(lab.Commands, command => Assert.Equal((command.Command, command.Embedded), (command.Command, command.Remote)));

        // Those that are refused, and those that are not.
        Assert.Equal(4, lab.Commands.Count(command => command.Embedded.ExitCode == 1));
        Assert.Contains("10 (from 11)", lab.Commands.Single(command => command.Command.EndsWith("--segments", StringComparison.Ordinal)).Remote.Output, StringComparison.Ordinal);

        // Nothing but the table, and the table whole: a header and 20 steps.
        var table = lab.Commands.Single(command => command.Command.EndsWith("--csv /dev/stdout", StringComparison.Ordinal)).Remote.Output.TrimEnd().Split('\n');
        Assert.Equal(21, table.Length);
        Assert.All(table, line => Assert.Equal(8, line.Count(character => character == ',')));
        Assert.Equal(2, lab.Exports.Count);
        Assert.All(lab.Exports, export => Assert.Equal(export.Embedded, export.Remote));
    }

    [Fact]
    public async Task Study_WithItsRuns_IsTheOneThatWasLaunched()
    {
        var study = await lab.GetAsync($"api/studies/{ServedStudy.Study}");

        Assert.Equal("completed", (string?)study["stage"]);
        Assert.Equal(20, (int)study["specification"]!["training"]!["steps"]!);
        Assert.Equal(["small-full-a500-s0", ServedStudy.Run], study["runs"]!.AsArray().Select(run => (string?)run!["id"]));
        var run = await lab.GetAsync($"api/runs/{ServedStudy.Run}");
        Assert.Equal(("completed", 20), ((string?)run["training"]!["state"], (int)run["training"]!["progress"]!["done"]!));
        var cluster = await lab.GetAsync("api/cluster");
        Assert.Equal((1, 1), ((int)cluster["workers"]!, (int)cluster["devices"]!));
    }

    [Fact]
    public async Task Evaluation_WithItsExamples_IsWhatItsArtefactHolds()
    {
        var id = $"{ServedStudy.Run}-generation";
        var evaluation = await lab.GetAsync($"api/evaluations/{id}");
        var examples = await lab.ListAsync($"api/evaluations/{id}/examples", 7);

        Assert.Equal("completed", (string?)evaluation["work"]!["state"]);

        // 10 prompts of each kind, 3 continuations each.
        Assert.Equal(60, examples.Count);
        Assert.All(examples, example => Assert.Equal("generation", (string?)example["suite"]));
        Assert.Equal(60, examples.Select(example => $"{example["id"]} {example["number"]}").Distinct().Count());
    }

    [Theory]
    [InlineData("api/studies", "id", 1)]
    [InlineData("api/studies/small/runs", "run.id", 1)]
    [InlineData("api/runs", "run.id", 1)]
    [InlineData("api/runs?study=small", "run.id", 1)]
    [InlineData("api/runs/small-masked-a500-s0/metrics", "step", 3)]
    [InlineData("api/runs/small-masked-a500-s0/segments", "epoch", 1)]
    [InlineData("api/runs/small-masked-a500-s0/segments/1/metrics", "step", 3)]
    [InlineData("api/runs/small-masked-a500-s0/checkpoints", "step", 1)]
    [InlineData("api/evaluations", "id", 3)]
    [InlineData("api/evaluations?study=small", "id", 3)]
    [InlineData("api/evaluations?run=small-masked-a500-s0", "id", 3)]
    [InlineData("api/evaluations/small-masked-a500-s0-recognition/examples", null, 50)]
    [InlineData("api/corpora", "name", 4)]
    [InlineData("api/corpora/small-pool/documents", "id", 70)]
    [InlineData("api/corpora/small-pool/documents?onlyWithSpans=true", "id", 70)]
    [InlineData("api/tagging-jobs", "id", 1)]
    [InlineData("api/tagging-jobs?corpus=small-pool", "id", 1)]
    [InlineData("api/cluster/workers", "worker", 1)]
    [InlineData("api/cluster/leases", "device", 1)]
    [InlineData("api/cluster/queue", "key", 1)]
    public async Task List_ReadInSmallPages_HasEverythingOnceInTheSameOrder(string address, string? key, int limit)
    {
        var whole = await lab.ListAsync(address, 200);
        var pages = await lab.ListAsync(address, limit);

        Assert.Equal(whole.Select(item => item.ToJsonString()), pages.Select(item => item.ToJsonString()));
        if (key is not null)
        {
            Assert.Distinct(pages.Select(item => key.Split('.').Aggregate((JsonNode?)item, (node, name) => node![name])!.ToJsonString()));
        }

        Assert.True(pages.Count > 0 || address is "api/cluster/leases" or "api/cluster/queue", $"{address} is empty.");
    }

    [Fact]
    public async Task Lists_OfTheStudy_AreAsLongAsTheStudySays()
    {
        Assert.Equal(Enumerable.Range(1, 20), (await lab.ListAsync($"api/runs/{ServedStudy.Run}/metrics", 6)).Select(point => (int)point["step"]!));
        Assert.Equal(8, (await lab.ListAsync("api/evaluations?study=small", 100)).Count);
        Assert.Equal(4, (await lab.ListAsync($"api/evaluations?run={ServedStudy.Run}", 100)).Count);
        Assert.Equal(6, (await lab.ListAsync("api/corpora", 100)).Count);
        Assert.Equal(300, (await lab.ListAsync("api/corpora/small-pool/documents", 200)).Count);
        var job = Assert.Single(await lab.ListAsync("api/tagging-jobs", 100));
        Assert.Equal(300, (int)job["work"]!["numbers"]!["documents"]!);
        Assert.Equal((string?)job["id"], (string?)(await lab.GetAsync($"api/tagging-jobs/{job["id"]}"))["id"]);
        Assert.Equal(300, (await lab.ListAsync($"api/corpora/small-pool/documents?taggingJob={job["id"]}", 200)).Count);
        Assert.Equal("small-pool", (string?)(await lab.GetAsync("api/corpora/small-pool"))["name"]);
    }

    [Theory]
    [InlineData("api/studies/No!", 400, "study: 'No!' is not a valid name")]
    [InlineData("api/studies?limit=0", 400, "limit: 0 is not between 1 and 1000.")]
    [InlineData("api/studies?limit=many", 400, "limit: 'many' is not a whole number within range.")]
    [InlineData("api/studies?cursor=?", 400, "cursor: '?' is not the `next` of a page of this list.")]
    [InlineData("api/runs/small-masked-a500-s0/metrics?cursor=bm8", 400, "cursor: 'bm8' is not the `next` of a page of this list.")]
    [InlineData("api/runs/small-masked-a500-s0/checkpoints/plan?latest=0", 400, "The retention policy cannot be used: Latest is 0, expected at least 1.")]
    [InlineData("api/corpora/small-pool/documents?onlyWithSpans=perhaps", 400, "onlyWithSpans: 'perhaps' is not true or false.")]
    [InlineData("api/studies/none", 404, "There is no study 'none'.")]
    [InlineData("api/studies/none/runs", 404, "There is no study 'none'.")]
    [InlineData("api/runs?study=none", 404, "There is no study 'none'.")]
    [InlineData("api/runs/none", 404, "There is no run 'none'.")]
    [InlineData("api/runs/none/metrics", 404, "There is no run 'none'.")]
    [InlineData("api/runs/small-masked-a500-s0/segments/99/metrics", 404, "Attempt 99 of run 'small-masked-a500-s0' has recorded nothing.")]
    [InlineData("api/runs/none/checkpoints", 404, "There is no run 'none'.")]
    [InlineData("api/runs/small-full-a500-s0/certificate", 404, "Run 'small-full-a500-s0' has not been verified")]
    [InlineData("api/evaluations/none", 404, "There is no evaluation 'none'.")]
    [InlineData("api/evaluations/none/examples", 404, "There is no evaluation 'none'.")]
    [InlineData("api/evaluations?run=none", 404, "There is no run 'none'.")]
    [InlineData("api/corpora/none", 404, "There is no corpus 'none'.")]
    [InlineData("api/corpora/none/documents", 404, "There is no corpus 'none'.")]
    [InlineData("api/corpora/small-pool/documents?taggingJob=none", 404, "Corpus 'small-pool' has no complete tagging job 'none'.")]
    [InlineData("api/tagging-jobs/none", 404, "There is no tagging job 'none'.")]
    [InlineData("api/tagging-jobs?corpus=none", 404, "There is no corpus 'none'.")]
    [InlineData("api/studies/none/comparison.json", 404, "There is no study 'none'.")]
    [InlineData("api/nothing", 404, "There is nothing at '/api/nothing'.")]
    [InlineData("api/studies/small/pause", 405, "GET is not done to '/api/studies/small/pause'")]
    [InlineData("api/cluster/queue?cursor=bm8", 409, "The work that the page before ended with has left the queue; read it again from its beginning.")]
    public async Task Read_WhatIsNotThereOrWrong_IsAProblemInOneSentence(string address, int status, string sentence)
    {
        using var answer = await lab.Client.GetAsync(address);

        await Problem.AssertAsync(answer, (HttpStatusCode)status, sentence);
    }
}
