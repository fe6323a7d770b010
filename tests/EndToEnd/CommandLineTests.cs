using System.Diagnostics;

namespace SlungOrleans.EndToEnd;

public sealed class CommandLineTests
{
    [Fact]
    public async Task StudyRun_SmallStudy_EndsWithComparisonThatExports()
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.Path, "data");
        var yaml = folder.Write("small.yaml", SmallStudy.Yaml("small"));

        var (exitCode, output) = await SiloProcess.RunAsync(data, "study", "run", yaml);

        Assert.True(exitCode == 0, output);
        Assert.Contains("masked", output, StringComparison.Ordinal);

        var (reportCode, reportOutput) = await SiloProcess.RunAsync(data, "study", "report", "small", "--to", folder.Path);
        Assert.True(reportCode == 0, reportOutput);
        Assert.StartsWith("<!DOCTYPE html>", await File.ReadAllTextAsync(Path.Combine(folder.Path, "small.html")), StringComparison.OrdinalIgnoreCase);

        foreach (var list in new[] { new[] { "study", "list" }, ["corpus", "list"], ["run", "list"] })
        {
            var (listCode, listOutput) = await SiloProcess.RunAsync(data, list);
            Assert.True(listCode == 0, listOutput);
            Assert.Contains("small", listOutput, StringComparison.Ordinal);
        }

        var (verifyCode, verifyOutput) = await SiloProcess.RunAsync(data, "run", "verify", "small-masked-a500-s0");
        Assert.True(verifyCode == 0, verifyOutput);
        Assert.Contains("identical. Steps 11 to 20 were replayed and came to the same bits.", verifyOutput, StringComparison.Ordinal);
        Assert.Contains("\"verdict\": \"identical\"", await File.ReadAllTextAsync(Path.Combine(data, "blobs", "runs", "small-masked-a500-s0", "certificate.json")), StringComparison.Ordinal);
        foreach (var shown in new[] { new[] { "run", "list" }, ["run", "show", "small-masked-a500-s0"], ["study", "show", "small"] })
        {
            var (_, shownOutput) = await SiloProcess.RunAsync(data, shown);
            Assert.Contains("identical", shownOutput, StringComparison.Ordinal);
        }

        var (againCode, againOutput) = await SiloProcess.RunAsync(data, "study", "run", yaml);
        Assert.Equal(1, againCode);
        Assert.Contains("There is a study 'small' already", againOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StudyRun_RunThatDiverges_EndsWithItsReasonAndExitCode1()
    {
        using var folder = new TemporaryFolder();
        var yaml = folder.Write(
            "diverging.yaml", SmallStudy.Yaml("diverging", arms: "[full]", seeds: "[0]").Replace("learningRate: 0.003", "learningRate: 1e30", StringComparison.Ordinal));

        var (exitCode, output) = await SiloProcess.RunAsync(Path.Combine(folder.Path, "data"), "study", "run", yaml);

        Assert.Equal(1, exitCode);
        Assert.Matches("Of 1 runs of study 'diverging', 1 failed or could not be evaluated, so it has no verdict. diverging-full-a500-s0: The run has diverged at step", output.ReplaceLineEndings(" "));
    }

    /// <summary>As the README has it: a file is looked for where the user is.</summary>
    [Fact]
    public async Task StudyRun_ThroughDotnetRunWithRelativePath_FindsTheFile()
    {
        using var folder = new TemporaryFolder();
        folder.Write("unknown-arm.yaml", SmallStudy.Yaml("unknown").Replace("masked", "unheard-of", StringComparison.Ordinal));
        string[] arguments =
        [
            "run", "--no-build", "-c", Repository.Configuration, "--project", Path.Combine(Repository.Root, "src", "Silo"), "--",
            "study", "run", "unknown-arm.yaml", "--data", "data",
        ];
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(1, process.ExitCode);
        Assert.Contains("unheard-of", await output + errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_OnTheDataOfALabThatRuns_SaysWhoHasItAndNamesServer()
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.Path, "data");
        var (silo, _) = await SiloProcess.ServeAsync(data);
        await using var dispose = silo;

        foreach (var command in new[] { new[] { "study", "list" }, ["--url", $"http://127.0.0.1:{SiloProcess.FreePort()}"] })
        {
            var (exitCode, output) = await SiloProcess.RunAsync(data, command);

            Assert.Equal(1, exitCode);
            Assert.Matches("is in use by process [0-9]+ ", Assert.Single(output.Trim().Split('\n')));
            Assert.Equal(command[0] == "study", output.Contains("give --server and its address", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("missing", "missing.csv", null, "there is no such file")]
    [InlineData("column", "column.csv", "title,body\na,b\n", "'text'")]
    [InlineData("offsets", "tsd_offsets.csv", "spans,text\n\"[100]\",short text\n", "100")]
    [InlineData("empty", "empty.csv", "", "empty.csv")]
    public async Task CorpusImport_BadInput_FailsWithOneSentenceAndLeavesNothing(string name, string file, string? content, string expected)
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.Path, "data");
        var path = content is null ? Path.Combine(folder.Path, file) : folder.Write(file, content);

        var (exitCode, output) = await SiloProcess.RunAsync(data, "corpus", "import", name, path, "--format", file.StartsWith("tsd", StringComparison.Ordinal) ? "toxic-spans" : "auto");

        Assert.Equal(1, exitCode);
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.Empty(CorpusBlobs(data));
    }

    [Fact]
    public async Task CorpusImport_InvalidUtf8_NamesTheFile()
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.Path, "data");
        var path = folder.Write("broken.txt", [.. "good line\n"u8, 0xff, 0xfe, 0x41]);

        var (exitCode, output) = await SiloProcess.RunAsync(data, "corpus", "import", "broken", path);

        Assert.Equal(1, exitCode);
        Assert.Contains("broken.txt", output, StringComparison.Ordinal);
        Assert.Contains("UTF-8", output, StringComparison.Ordinal);
        Assert.Empty(CorpusBlobs(data));
    }

    [Fact]
    public async Task StudyRun_UnknownArm_NamesTheLineAndTheKnownArms()
    {
        using var folder = new TemporaryFolder();
        var yaml = folder.Write("typo.yaml", SmallStudy.Yaml("typo", arms: "[full, maskd]"));

        var (exitCode, output) = await SiloProcess.RunAsync(Path.Combine(folder.Path, "data"), "study", "run", yaml);

        Assert.Equal(1, exitCode);
        Assert.Contains("there is no arm 'maskd'", output, StringComparison.Ordinal);
        Assert.Contains("control, low-risk, full, masked, unlikelihood", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StudyRun_KilledAndRunAgain_GoesOnFromItsCheckpoints()
    {
        using var folder = new TemporaryFolder();
        var yaml = folder.Write("long.yaml", SmallStudy.Yaml("long", steps: 400, arms: "[masked]"));
        var killed = Path.Combine(folder.Path, "killed");
        await using (var first = SiloProcess.Begin(killed, "study", "run", yaml))
        {
            await Wait.UntilAsync(() => Directory.Exists(Path.Combine(killed, "blobs", "runs")) && Directory.EnumerateFiles(Path.Combine(killed, "blobs", "runs"), "head.json", SearchOption.AllDirectories).Any(), "a first checkpoint", () => first.Output);
            await first.KillAsync();
        }

        var (exitCode, output) = await SiloProcess.RunAsync(killed, "study", "run", yaml);
        Assert.True(exitCode == 0, output);
        var undisturbed = Path.Combine(folder.Path, "undisturbed");
        var (otherCode, otherOutput) = await SiloProcess.RunAsync(undisturbed, "study", "run", yaml);
        Assert.True(otherCode == 0, otherOutput);

        var comparisons = new List<string>();
        foreach (var data in new[] { killed, undisturbed })
        {
            comparisons.Add(await File.ReadAllTextAsync(Path.Combine(data, "blobs", "studies", "long", "comparison.json")));
        }

        Assert.Equal(comparisons[1], comparisons[0]);
    }

    [Fact]
    public async Task RunExport_ThenStudyFromTheFolder_GoesOnFromItsWeightsMomentsAndTokenizer()
    {
        using var folder = new TemporaryFolder();
        var data = Path.Combine(folder.Path, "data");
        var (exported, again) = (Path.Combine(folder.Path, "exported"), Path.Combine(folder.Path, "again"));
        var first = SmallStudy.Yaml("first", arms: "[masked]", seeds: "[0]");
        var second = string.Join('\n', SmallStudy.Yaml("second", arms: "[masked]", seeds: "[0]").Split('\n')
            .Where(line => !line.StartsWith("tokenizer:", StringComparison.Ordinal))
            .Select(line => line.StartsWith("model:", StringComparison.Ordinal) ? $"model: {{ from: {exported}, moments: true, sequenceLength: 64 }}" : line));
        foreach (var arguments in new[]
        {
            new[] { "study", "run", folder.Write("first.yaml", first) },
            ["run", "export", "first-masked-a500-s0", "--to", exported, "--moments"],
            ["study", "run", folder.Write("second.yaml", second)],
            ["run", "export", "second-masked-a500-s0", "--to", again, "--moments", "--type", "BF16"],
        })
        {
            var (exitCode, output) = await SiloProcess.RunAsync(data, arguments);
            Assert.True(exitCode == 0, output);
        }

        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(exported, "tokenizer.json")), await File.ReadAllBytesAsync(Path.Combine(again, "tokenizer.json")));
        Assert.Contains("\"step\":\"40\"", await File.ReadAllTextAsync(Path.Combine(again, "optimizer.safetensors")), StringComparison.Ordinal);
        Assert.Contains("\"momentSteps\": 20", await File.ReadAllTextAsync(Path.Combine(data, "blobs", "studies", "second", "plan.json")), StringComparison.Ordinal);
        var (verifyCode, verifyOutput) = await SiloProcess.RunAsync(data, "run", "verify", "second-masked-a500-s0");
        Assert.True(verifyCode == 0, verifyOutput);

        var (refusedCode, refused) = await SiloProcess.RunAsync(data, "run", "export", "second-masked-a500-s0", "--to", exported);
        Assert.Equal(1, refusedCode);
        Assert.Contains("there is something in it already", refused, StringComparison.Ordinal);
    }

    private static string[] CorpusBlobs(string data)
    {
        var folder = Path.Combine(data, "blobs", "corpora");
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories) : [];
    }
}
