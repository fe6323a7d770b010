namespace SlungOrleans.Training;

/// <summary>Which loss falls on a token that is predicted.</summary>
public enum LossKind : byte
{
    /// <summary>None: the token is context only.</summary>
    None,

    /// <summary>-log p.</summary>
    CrossEntropy,

    /// <summary>-log(1 - p) (Welleck et al., arXiv 1908.04319).</summary>
    Unlikelihood,
}

/// <summary>
/// Which loss falls on targets of which label (SLUNG, arXiv 2505.03052): 0 end of text, 1 benign, 2 middle, 3 high-risk.
/// The label is that of the token being predicted, never of the context.
/// </summary>
public sealed class LossRouting
{
    /// <summary>How many labels there are.</summary>
    public const int Labels = 4;

    /// <summary>The floor of 1 - p in the authors' code (they compute 1 - p in single precision, where it is 0 or at least 6e-8).</summary>
    public const double AuthorsUnlikelihoodFloor = 1e-9;

    private readonly LossKind[] _kinds;

    /// <summary>Creates a routing.</summary>
    /// <param name="endOfText">The loss on label 0.</param>
    /// <param name="benign">The loss on label 1.</param>
    /// <param name="middle">The loss on label 2.</param>
    /// <param name="highRisk">The loss on label 3.</param>
    public LossRouting(LossKind endOfText, LossKind benign, LossKind middle, LossKind highRisk) =>
        _kinds = [endOfText, benign, middle, highRisk];

    /// <summary>
    /// The smallest 1 - p of the unlikelihood loss, 0 to 1: below it the loss stays at -log of it and has no gradient. 0, the default, for
    /// none: the loss is computed so that it is finite for every p. The authors clamp at <see cref="AuthorsUnlikelihoodFloor"/>.
    /// </summary>
    public double UnlikelihoodFloor { get; init; }

    /// <summary>Cross-entropy on every token.</summary>
    public static LossRouting CrossEntropyEverywhere { get; } =
        new(LossKind.CrossEntropy, LossKind.CrossEntropy, LossKind.CrossEntropy, LossKind.CrossEntropy);

    /// <summary>The loss on targets of a label.</summary>
    /// <param name="label">The label, 0 to 3.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such label.</exception>
    public LossKind this[byte label] => label < Labels
        ? _kinds[label]
        : throw new ArgumentOutOfRangeException(nameof(label), label, "A label is 0 (end of text), 1 (benign), 2 (middle) or 3 (high-risk).");

    /// <summary>Masked SLUNG: labels 2 and 3 bear no loss.</summary>
    /// <param name="maskMiddle">Whether label 2 is masked, as in the authors' runs.</param>
    public static LossRouting Masked(bool maskMiddle = true) =>
        new(LossKind.CrossEntropy, LossKind.CrossEntropy, maskMiddle ? LossKind.None : LossKind.CrossEntropy, LossKind.None);

    /// <summary>Unlikelihood SLUNG: label 3 bears the unlikelihood loss.</summary>
    /// <param name="middle">The loss on label 2; the authors' runs have cross-entropy there, unlike in masked SLUNG.</param>
    /// <param name="floor">The <see cref="UnlikelihoodFloor"/>.</param>
    public static LossRouting UnlikelihoodOnHighRisk(LossKind middle = LossKind.CrossEntropy, double floor = 0) =>
        new(LossKind.CrossEntropy, LossKind.CrossEntropy, middle, LossKind.Unlikelihood) { UnlikelihoodFloor = floor };
}
