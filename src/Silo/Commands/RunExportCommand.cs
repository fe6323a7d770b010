using System.CommandLine;
using System.Globalization;
using SlungOrleans.Contracts;
using SlungOrleans.Corpora;
using SlungOrleans.Silo.Specifications;
using SlungOrleans.Silo.Workers;
using SlungOrleans.Storage;
using SlungOrleans.Training;
using Spectre.Console;

namespace SlungOrleans.Silo.Commands;

/// <summary><c>run export</c>: a run's newest checkpoint as a model folder.</summary>
internal static class RunExportCommand
{
    public static Command Create()
    {
        var name = LabCommands.RunArgument();
        var folder = new Option<string>("--to") { Description = "The folder to write; must not exist, or be empty.", Required = true };
        var type = new Option<SafetensorsType>("--type") { Description = "F32 (to the bit) or BF16 (rounded to the nearest).", DefaultValueFactory = _ => SafetensorsType.F32 };
        var moments = new Option<bool>("--moments") { Description = "With AdamW's moments, so that a study can go on from them." };
        var command = new Command("export", "Writes the model of a run's newest checkpoint as Hugging Face's tools read it, and as a study can start from: config.json, safetensors, tokenizer.json.")
        {
            name, folder, type, moments,
        };
        command.SetAction((result, cancellation) => LabSession.RunAsync(
            result,
            session => ExportAsync(session, result.GetValue(name)!, result.GetValue(folder)!, result.GetValue(type), result.GetValue(moments), cancellation),
            works: false));
        return command;
    }

    private static async Task<int> ExportAsync(LabSession session, string id, string folder, SafetensorsType type, bool moments, CancellationToken cancellation)
    {
        var store = session.Here.GetRequiredService<IBlobStore>();
        var specification = (await session.Lab.GetRunAsync(id, cancellation)).Specification!;
        var (json, tokenizer) = await TokenizerAsync(store, id, specification, cancellation);
        var step = await Task.Factory.StartNew(
            () =>
            {
                using var model = session.Here.GetRequiredService<IEngine>().Create(TrainingMapping.ToModel(specification.Model, tokenizer.VocabularySize), Environment.ProcessorCount);
                using var hold = new CheckpointHold(new CheckpointStore(store, ArtefactNames.Checkpoints(id)), $"export-{Guid.NewGuid():N}");
                var checkpoint = (moments ? hold.LoadWithMoments(model) : hold.LoadWeights(model)) ?? throw new LabException($"Run '{id}' has no checkpoint that is whole.");
                var export = new HuggingFaceExport
                {
                    Type = type,
                    MomentSteps = moments ? specification.Model.MomentSteps + checkpoint.Step : null,
                    Tokenizer = json,
                    EndOfText = tokenizer.EndOfText,
                };
                export.Write(model, folder, cancellation);
                return checkpoint.Step;
            },
            cancellation,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        foreach (var file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file} ({new FileInfo(file).Length:N0} bytes)"));
        }

        AnsiConsole.WriteLine($"{id} after step {step}.");
        return 0;
    }

    private static async Task<(byte[] Json, BytePairTokenizer Tokenizer)> TokenizerAsync(IBlobStore store, string id, RunSpecification specification, CancellationToken cancellation)
    {
        if (specification.Tokenizer.Length == 0)
        {
            throw new LabException($"Run '{id}' has no tokenizer yet.");
        }

        using var content = new MemoryStream();
        await using (var stream = await store.OpenReadAsync(ArtefactNames.Tokenizer(specification.Tokenizer), cancellation))
        {
            await stream.CopyToAsync(content, cancellation);
        }

        content.Position = 0;
        return (content.ToArray(), BytePairTokenizer.Load(content));
    }
}
