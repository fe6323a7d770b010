using System.Globalization;
using BenchmarkDotNet.Running;
using SlungOrleans.Benchmarks;

switch (args)
{
    case ["engine", .. var rest]:
        EngineSpeed.Run(rest);
        break;
    case ["torch", .. var rest]:
        TorchSpeed.Run(rest);
        break;
    case ["data", var name, var threads, var steps]:
        await DataPath.RunAsync(name, int.Parse(threads, CultureInfo.InvariantCulture), int.Parse(steps, CultureInfo.InvariantCulture));
        break;
    case ["checkpoint", var folder, var rounds]:
        await CheckpointThroughput.MeasureAsync(folder, int.Parse(rounds, CultureInfo.InvariantCulture));
        break;
    case ["model-folder", var mode, var folder]:
        ModelFolders.Run(mode, folder);
        break;
    case ["tokenizer", var vocabulary, .. var files]:
        TokenizerSpeed.Run(int.Parse(vocabulary, CultureInfo.InvariantCulture), files);
        break;
    case ["tagging-text", var file, var documents]:
        TaggingThroughput.WriteText(file, int.Parse(documents, CultureInfo.InvariantCulture));
        break;
    case ["tagging", var labelled, var risky, var folder, .. var models]:
        TaggingThroughput.Measure(labelled, risky, folder, models);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(TaggingThroughput).Assembly).Run(args);
        break;
}
