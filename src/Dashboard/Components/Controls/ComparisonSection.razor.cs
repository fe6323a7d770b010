using Microsoft.AspNetCore.Components;
using SlungOrleans.Dashboard.Model;
using SlungOrleans.Evaluation;

namespace SlungOrleans.Dashboard.Components.Controls;

/// <summary>What a completed study has found.</summary>
public sealed partial class ComparisonSection : ComponentBase
{
    private double? _amount;

    [Parameter, EditorRequired]
    public required string Study { get; set; }

    /// <summary>The comparison; null while it is read.</summary>
    [Parameter, EditorRequired]
    public ComparisonReading? Reading { get; set; }

    private Comparison? Comparison => Reading?.Comparison;

    private ImmutableArray<double> Amounts => Comparison?.Amounts ?? [];

    private double Amount => _amount is { } chosen && Amounts.Contains(chosen) ? chosen : Amounts.FirstOrDefault();

    private IEnumerable<string> References =>
        Comparison!.Differences.Select(difference => difference.Reference).Distinct().OrderBy(reference => Comparison.Arms.IndexOf(reference));
}
