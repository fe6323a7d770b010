namespace SlungOrleans.Grains.Tests.ContractSafety;

/// <summary>Ids, aliases, names and types of everything that is sent or stored are what they were.</summary>
public sealed class ContractSafetyTests
{
    private static readonly string Baseline = Path.Combine(BaselineFolder.Path, "contracts.txt");

    [Fact]
    public void Contracts_ComparedWithTheBaseline_LackNothingAndChangeNothing()
    {
        var now = ContractList.Read();
        var kept = File.Exists(Baseline) ? File.ReadAllLines(Baseline) : [];
        var gone = kept.Except(now).ToList();

        Assert.True(
            gone.Count == 0,
            $"""
            These are in {Baseline} and not in the code any more: an id, an alias, a name or a type was changed, or a member was removed.
            Silos of the build before, and what it stored, still have them. Put them back; what is not used any more stays, and its id with it.
            {string.Join(Environment.NewLine, gone)}
            """);
    }

    [Fact]
    public void Contracts_ComparedWithTheBaseline_HaveNothingThatIsNotInIt()
    {
        var kept = File.Exists(Baseline) ? File.ReadAllLines(Baseline) : [];
        var added = ContractList.Read().Except(kept).ToList();
        if (BaselineFolder.IsToBeAddedTo && added.Count > 0)
        {
            Directory.CreateDirectory(BaselineFolder.Path);
            File.WriteAllLines(Baseline, kept.Concat(added).Order(StringComparer.Ordinal));
            return;
        }

        Assert.True(added.Count == 0, $"These are not in {Baseline}. {BaselineFolder.Advice}{Environment.NewLine}{string.Join(Environment.NewLine, added)}");
    }

    [Fact]
    public void Ids_WithinAType_AreEachUsedOnce() => Assert.All(
        ContractList.Serialized(),
        type => Assert.Distinct(ContractList.Members(type).Select(member => member.Id)));

    /// <summary>An id that the baseline gives to one member is never given to another, not even after the first was removed.</summary>
    [Fact]
    public void Ids_OfTheBaseline_AreEachOneMembers() => Assert.Distinct(
        File.ReadAllLines(Baseline).Where(line => line.StartsWith("member ", StringComparison.Ordinal)).Select(line => string.Join(' ', line.Split(' ')[..3])));

    [Fact]
    public void Aliases_OfTypesAndInterfaces_AreThereAndUsedOnce()
    {
        var aliases = ContractList.Serialized().Concat(ContractList.Interfaces()).Select(ContractList.AliasOf).ToList();

        Assert.DoesNotContain("", aliases);
        Assert.Distinct(aliases);
    }

    [Fact]
    public void Aliases_OfMethods_AreThereAndUsedOnceInTheirInterface() => Assert.All(ContractList.Interfaces(), type =>
    {
        var aliases = type.GetMethods().Select(ContractList.AliasOf).ToList();
        Assert.DoesNotContain("", aliases);
        Assert.Distinct(aliases);
    });
}
