using BenchmarkDotNet.Running;
using SlungOrleans.Benchmarks;

switch (args)
{
    case ["engine", .. var rest]:
        EngineSpeed.Run(rest);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(EngineSpeed).Assembly).Run(args);
        break;
}
