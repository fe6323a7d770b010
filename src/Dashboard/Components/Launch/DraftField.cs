using Microsoft.AspNetCore.Components;
using SlungOrleans.Dashboard.Model;

namespace SlungOrleans.Dashboard.Components.Launch;

/// <summary>A field of the launch form: its place in the study, its label, its faults.</summary>
public abstract class DraftField : ComponentBase
{
    /// <summary>The study that is written.</summary>
    [CascadingParameter]
    public required StudyDraft Draft { get; set; }

    /// <summary>The path of the field, for example <c>training.steps</c>.</summary>
    [Parameter, EditorRequired]
    public required string Path { get; set; }

    /// <summary>What people call it.</summary>
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    /// <summary>A few words more.</summary>
    [Parameter]
    public string? Hint { get; set; }

    /// <summary>The id of the control in the page.</summary>
    public static string IdOf(string path) => "field-" + path.Replace('.', '-').Replace('[', '-').TrimEnd(']').Replace("]", "", StringComparison.Ordinal);

    protected string Id => IdOf(Path);

    protected string? DescribedBy => HasFaults ? $"{Id}-faults" : Hint is not null ? $"{Id}-hint" : null;

    protected bool HasFaults => Draft.FaultsAt(Path, WithParts).Any();

    /// <summary>Whether faults of the field's parts are shown here too.</summary>
    protected virtual bool WithParts => false;
}
