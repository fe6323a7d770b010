using System.Runtime.InteropServices;

namespace SlungOrleans.Training.TorchSharp;

/// <summary>Runs what uses a device: its failures come out as <see cref="DeviceException"/>, everything else as it is.</summary>
internal static class DeviceGuard
{
    internal static T Run<T>(string device, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (FailureOf(exception, device) is { } failure)
        {
            throw failure;
        }
    }

    internal static void Run(string device, Action work) => Run(device, () =>
    {
        work();
        return true;
    });

    private static DeviceException? FailureOf(Exception exception, string device) => exception switch
    {
        ExternalException or NotSupportedException or DllNotFoundException or EntryPointNotFoundException or InvalidOperationException => DeviceFailures.Find(exception.Message, device, exception),
        TypeInitializationException { InnerException: { } inner } => FailureOf(inner, device),
        _ => null,
    };
}
