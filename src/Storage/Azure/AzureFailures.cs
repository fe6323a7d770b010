using Azure;
using Azure.Storage.Blobs.Models;

namespace SlungOrleans.Storage;

/// <summary>Says in one sentence what Azure Blob Storage, or the way to it, has refused.</summary>
internal sealed class AzureFailures(Uri container)
{
    private const int Forbidden = 403;
    private const int Conflict = 409;
    private const int PreconditionFailed = 412;

    internal static bool Is(Exception failure) => failure is RequestFailedException or AggregateException or FormatException;

    internal static bool IsAbsentBlob(Exception failure) => failure is RequestFailedException { Status: 404 } refused && !IsAbsentContainer(refused);

    internal static bool IsUnmetCondition(Exception failure) =>
        failure is RequestFailedException { Status: PreconditionFailed }
        || failure is RequestFailedException { Status: Conflict } refused && refused.ErrorCode == BlobErrorCode.BlobAlreadyExists;

    internal BlobStoreException Translate(Exception failure, string what)
    {
        string why = failure switch
        {
            FormatException => "the account's key is not base64",
            RequestFailedException refused when IsAbsentContainer(refused) => "there is no such container",
            RequestFailedException { Status: Forbidden } refused => $"the account's key is wrong or lacks the right ({refused.ErrorCode})",
            RequestFailedException refused when refused.ErrorCode == BlobErrorCode.InvalidBlockList => "another writer has written it meanwhile",
            RequestFailedException { Status: PreconditionFailed } => "the blob has been changed meanwhile",
            RequestFailedException { Status: > 0 } refused => $"the service answered {refused.Status} {refused.ErrorCode}",
            AggregateException tries => $"the service is not reached ({tries.InnerExceptions[^1].GetBaseException().Message})",
            _ => $"the service is not reached ({failure.GetBaseException().Message})",
        };
        string message = $"{what}: {why}, at {container.GetLeftPart(UriPartial.Path)}.";
        return failure is RequestFailedException { Status: PreconditionFailed } ? new BlobChangedException(message, failure) : new BlobStoreException(message, failure);
    }

    private static bool IsAbsentContainer(RequestFailedException refused) => refused.ErrorCode == BlobErrorCode.ContainerNotFound;
}
