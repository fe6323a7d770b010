using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Specifications;

/// <summary>Collects faults, each one sentence that begins with the field.</summary>
internal sealed class FaultList
{
    private readonly ImmutableArray<string>.Builder _faults = ImmutableArray.CreateBuilder<string>();

    public void Add(string fault) => _faults.Add(fault);

    public void AddRange(IEnumerable<string> faults) => _faults.AddRange(faults);

    public void Check(bool holds, string fault)
    {
        if (!holds)
        {
            _faults.Add(fault);
        }
    }

    public void OneOf(string field, string value, IReadOnlyCollection<string> allowed) =>
        Check(allowed.Contains(value), $"{field}: '{value}' is not one of {string.Join(", ", allowed)}.");

    public void Name(string field, string value, int maximumLength) =>
        Check(
            Identifiers.IsValid(value) && value.Length <= maximumLength,
            $"{field}: '{value}' is not a valid name; expected 1 to {maximumLength} characters of a-z, 0-9 and '-', starting with a letter or digit.");

    public void Distinct(string field, IEnumerable<string> values)
    {
        foreach (var twice in values.GroupBy(value => value).Where(group => group.Count() > 1))
        {
            Add($"{field}: '{twice.Key}' is there {twice.Count()} times; each must be there once.");
        }
    }

    public ImmutableArray<string> ToImmutable() => _faults.ToImmutable();
}
