using SlungOrleans.Training.Tests.Managed;

// A small run in a process of its own: its tests start it with other vectors, and set its lines beside the golden ones.
foreach (string line in GoldenRun.Lines(threads: 2))
{
    Console.WriteLine(line);
}
