using System.Runtime.Intrinsics;

namespace SlungOrleans.Training.Managed;

/// <summary>Picks tokens from logits: the likeliest, or one at random in proportion to exp(logit / temperature) among the k likeliest.</summary>
internal sealed class Sampler
{
    private readonly SamplingSettings _settings;
    private readonly int[] _tokens;
    private readonly double[] _cumulative;

    internal Sampler(SamplingSettings settings, int vocabulary)
    {
        _settings = settings;
        int candidates = settings.TopK == 0 ? vocabulary : Math.Min(settings.TopK, vocabulary);
        _tokens = new int[candidates];
        _cumulative = new double[candidates];
    }

    /// <summary>Picks a token; at a temperature above 0 takes one number from the stream. Of equal logits the lowest token counts as likelier.</summary>
    internal int Pick(ReadOnlySpan<float> logits, RandomStream stream)
    {
        if (_settings.Temperature == 0)
        {
            return Likeliest(logits);
        }

        CollectCandidates(logits);
        double largest = logits[_tokens.Length == logits.Length ? Likeliest(logits) : _tokens[0]], sum = 0;
        for (int i = 0; i < _tokens.Length; i++)
        {
            sum += Math.Exp((logits[_tokens[i]] - largest) / _settings.Temperature);
            _cumulative[i] = sum;
        }

        double point = stream.NextDouble() * sum;
        int pick = 0;
        while (pick < _tokens.Length - 1 && point >= _cumulative[pick])
        {
            pick++;
        }

        return _tokens[pick];
    }

    private static int Likeliest(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int token = 1; token < logits.Length; token++)
        {
            best = logits[token] > logits[best] ? token : best;
        }

        return best;
    }

    /// <summary>All tokens in order, or the k likeliest, likeliest first.</summary>
    private void CollectCandidates(ReadOnlySpan<float> logits)
    {
        if (_tokens.Length == logits.Length)
        {
            for (int token = 0; token < logits.Length; token++)
            {
                _tokens[token] = token;
            }

            return;
        }

        int count = 0;
        for (int token = 0; token < logits.Length; token++)
        {
            if (count == _tokens.Length)
            {
                // Few of the logits that are left are above the least of the candidates.
                token = NextAbove(logits, token, logits[_tokens[count - 1]]);
                if (token == logits.Length)
                {
                    return;
                }
            }

            int place = count < _tokens.Length ? count++ : count - 1;
            for (; place > 0 && logits[_tokens[place - 1]] < logits[token]; place--)
            {
                _tokens[place] = _tokens[place - 1];
            }

            _tokens[place] = token;
        }
    }

    /// <summary>The first logit above a threshold, from a token on; their number if there is none.</summary>
    private static int NextAbove(ReadOnlySpan<float> logits, int from, float threshold)
    {
        Vector512<float> thresholds = Vector512.Create(threshold);
        while (from + Lanes.Width <= logits.Length && !Vector512.GreaterThanAny(Vector512.Create(logits.Slice(from, Lanes.Width)), thresholds))
        {
            from += Lanes.Width;
        }

        while (from < logits.Length && !(logits[from] > threshold))
        {
            from++;
        }

        return from;
    }
}
