using SlungOrleans.Contracts;

namespace SlungOrleans.Silo.Models;

/// <summary>What a prompt and its sampling may be.</summary>
internal static class PromptChecks
{
    private const double HighestTemperature = 5;

    /// <exception cref="LabException">Something is out of its range; the message names it.</exception>
    public static void Check(PromptRequest prompt)
    {
        Require(
            !string.IsNullOrWhiteSpace(prompt.Text) && prompt.Text.Length <= PromptRequest.LongestPrompt,
            $"Prompt: {prompt.Text.Length} characters were found; 1 to {PromptRequest.LongestPrompt}, not all of them white space, are expected.");
        Require(
            prompt.Temperature is >= 0 and <= HighestTemperature,
            FormattableString.Invariant($"Temperature: {prompt.Temperature} was found; 0 to {HighestTemperature} is expected."));
        Require(prompt.TopK >= 0, $"Top-k: {prompt.TopK} was found; 0 (all tokens) or more is expected.");
        Require(prompt.NewTokens is >= 1 and <= PromptRequest.MostNewTokens, $"Length: {prompt.NewTokens} was found; 1 to {PromptRequest.MostNewTokens} new tokens are expected.");
        Require(prompt.Samples is >= 1 and <= PromptRequest.MostSamples, $"Samples: {prompt.Samples} was found; 1 to {PromptRequest.MostSamples} are expected.");
        Require(prompt.Seed >= 0, $"Seed: {prompt.Seed} was found; 0 or more is expected.");
    }

    private static void Require(bool met, string message)
    {
        if (!met)
        {
            throw new LabException(message);
        }
    }
}
