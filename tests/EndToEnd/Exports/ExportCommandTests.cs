namespace SlungOrleans.EndToEnd.Exports;

[Collection(CompletedStudy.Collection)]
public sealed class ExportCommandTests(CompletedStudy study)
{
    [Fact]
    public async Task StudyImport_InAnotherLab_ShowsTheSameAndExportsTheSameBytes()
    {
        using var folder = new TemporaryFolder();
        var other = Path.Combine(folder.Path, "other");

        var (importCode, importOutput) = await SiloProcess.RunAsync(other, "study", "import", study.Archive);
        var (exportCode, exportOutput) = await SiloProcess.RunAsync(other, "study", "export", CompletedStudy.Name, "--to", folder.Path);

        Assert.True(importCode == 0, importOutput);
        Assert.True(exportCode == 0, exportOutput);
        Assert.Equal(await File.ReadAllBytesAsync(study.Archive), await File.ReadAllBytesAsync(Path.Combine(folder.Path, "sent.zip")));
        Assert.Equal((await SiloProcess.RunAsync(study.Data, "study", "show", CompletedStudy.Name)).Output, (await SiloProcess.RunAsync(other, "study", "show", CompletedStudy.Name)).Output);

        foreach (var action in new[] { new[] { "study", "retry", CompletedStudy.Name }, ["study", "continue", CompletedStudy.Name, "--steps", "40"], ["study", "import", study.Archive] })
        {
            var (code, output) = await SiloProcess.RunAsync(other, action);
            Assert.True(code == 1, output);
            Assert.Matches("imported from another lab|There is a study 'sent' already", output);
        }
    }

    [Fact]
    public async Task StudyImport_DamagedArchive_SaysSoInOneLineAndLeavesNothing()
    {
        using var folder = new TemporaryFolder();
        var bytes = await File.ReadAllBytesAsync(study.Archive);
        var torn = folder.Write("torn.zip", bytes[..(bytes.Length / 2)]);
        var data = Path.Combine(folder.Path, "data");

        var (code, output) = await SiloProcess.RunAsync(data, "study", "import", torn);

        Assert.Equal(1, code);
        Assert.Contains("torn.zip: The file is not a zip archive, or it is torn", output, StringComparison.Ordinal);
        Assert.Single(output.Trim().Split('\n'));
        Assert.Empty(Directory.GetFiles(data, "*.zip", SearchOption.AllDirectories));
        Assert.False(Directory.Exists(Path.Combine(data, "blobs", "runs")));
        Assert.DoesNotContain("sent", (await SiloProcess.RunAsync(data, "study", "list")).Output, StringComparison.Ordinal);
    }
}
