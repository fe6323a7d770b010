namespace SlungOrleans.Storage.Tests.Azure;

/// <summary>A fact that needs Azurite.</summary>
public sealed class AzureFactAttribute : FactAttribute
{
    public AzureFactAttribute() => Skip = Azurite.ReasonToSkip;
}

/// <summary>A theory that needs Azurite.</summary>
public sealed class AzureTheoryAttribute : TheoryAttribute
{
    public AzureTheoryAttribute() => Skip = Azurite.ReasonToSkip;
}
