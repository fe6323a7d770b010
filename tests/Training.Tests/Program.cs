using System.Diagnostics;
using SlungOrleans.Training;
using SlungOrleans.Training.Tests.Managed;

// Small runs in a process of their own: with other vectors, or to see how much memory they take.
if (args is ["long-context"])
{
    ModelDescription description = Samples.Description(vocabulary: 50_304, hidden: 32, heads: 2, layers: 2, feedForward: 88, longest: 2048);
    using ITrainableModel model = Samples.Model(description);
    double loss = model.ComputeGradients(Samples.Batch(description, 1, 2048), LossRouting.CrossEntropyEverywhere).Total;
    using var process = Process.GetCurrentProcess();
    Console.WriteLine(loss);
    Console.WriteLine(process.PeakWorkingSet64 >> 20);
    return;
}

foreach (string line in GoldenRun.Lines(threads: 2))
{
    Console.WriteLine(line);
}
