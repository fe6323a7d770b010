using System.Reflection;
using SlungOrleans.Storage.Tests.Azure;
using Xunit.Sdk;

namespace SlungOrleans.Storage.Tests;

public enum StoreKind
{
    Local,
    Azure,
}

/// <summary>Runs a theory on <see cref="LocalBlobStore"/>.</summary>
public sealed class LocalStoreAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[StoreKind.Local]];
}

/// <summary>Runs a theory on <see cref="AzureBlobStore"/> and Azurite; skips it where there is no Azurite.</summary>
public sealed class AzureStoreAttribute : DataAttribute
{
    public AzureStoreAttribute() => Skip = Azurite.ReasonToSkip;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[StoreKind.Azure]];
}
