using System.Data.Common;
using SlungOrleans.Contracts;
using SlungOrleans.Corpora;
using SlungOrleans.Evaluation;
using SlungOrleans.Storage;
using SlungOrleans.Training;

namespace SlungOrleans.Silo.Workers;

/// <summary>What kind of failure an exception is; that decides whether the work is tried again.</summary>
internal static class Failures
{
    public static WorkOutcome ToOutcome(Exception exception) => exception switch
    {
        OperationCanceledException => new WorkOutcome { State = WorkState.Queued, Message = "Interrupted." },
        _ => new WorkOutcome { State = WorkState.Failed, Failure = KindOf(exception), Message = MessageOf(exception) },
    };

    private static FailureKind KindOf(Exception exception) => exception switch
    {
        AggregateException { InnerException: { } inner } => KindOf(inner),
        DivergedException => FailureKind.Diverged,
        OutOfMemoryException or DeviceException { Fault: DeviceFault.OutOfMemory } => FailureKind.OutOfMemory,
        DeviceException { Fault: DeviceFault.Lost } => FailureKind.NodeLost,
        DeviceException => FailureKind.Poison,
        LabException or CorpusFormatException or ArmMixingException or EvaluationException or CheckpointMismatchException or HuggingFaceException or SafetensorsException or InvalidDataException or ArgumentException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException => FailureKind.Poison,
        BlobNotFoundException => FailureKind.Poison,
        BlobStoreException { IsFull: true } => FailureKind.Poison,
        EpochSupersededException => FailureKind.NodeLost,
        IOException or TimeoutException or OrleansException or DbException => FailureKind.Transient,
        _ => FailureKind.Unexpected,
    };

    private static string MessageOf(Exception exception) => exception is AggregateException { InnerException: { } inner } ? MessageOf(inner) : exception.Message;
}
