namespace SlungOrleans.Training;

/// <summary>How the learning rate goes on after the warm-up.</summary>
public enum ScheduleKind
{
    /// <summary>Down along half a cosine.</summary>
    Cosine,

    /// <summary>Stays at its peak, as in the authors' continued runs.</summary>
    Constant,
}

/// <summary>Learning rates as functions of the step alone. Steps count from 1.</summary>
public static class LearningRateSchedule
{
    /// <summary>
    /// Linear warm-up (Goyal et al., arXiv 1706.02677, 2.2) from peak / W at step 1 to the peak at step W, then half a cosine
    /// (Loshchilov and Hutter, arXiv 1608.03983, equation 5, without restarts) to the final share of the peak at the last step:
    /// peak · (f + (1 - f) · (1 + cos(π · (t - W) / (T - W))) / 2).
    /// </summary>
    /// <param name="step">t, 1 to <paramref name="steps"/>.</param>
    /// <param name="peak">The largest rate.</param>
    /// <param name="warmUpSteps">W, 0 to <paramref name="steps"/>.</param>
    /// <param name="steps">T.</param>
    /// <param name="finalShare">f, 0 to 1.</param>
    public static double Cosine(long step, double peak, long warmUpSteps, long steps, double finalShare)
    {
        if (step <= warmUpSteps)
        {
            return WarmUp(step, peak, warmUpSteps);
        }

        double progress = (double)(step - warmUpSteps) / (steps - warmUpSteps);
        return peak * (finalShare + ((1 - finalShare) * 0.5 * (1 + Math.Cos(Math.PI * progress))));
    }

    /// <summary>Linear warm-up from peak / W at step 1 to the peak at step W, then the peak.</summary>
    /// <param name="step">t, from 1.</param>
    /// <param name="peak">The largest rate.</param>
    /// <param name="warmUpSteps">W, at least 0.</param>
    public static double Constant(long step, double peak, long warmUpSteps) =>
        step <= warmUpSteps ? WarmUp(step, peak, warmUpSteps) : peak;

    private static double WarmUp(long step, double peak, long warmUpSteps) => peak * step / warmUpSteps;
}
