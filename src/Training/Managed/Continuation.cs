namespace SlungOrleans.Training.Managed;

/// <summary>A prompt that is being continued.</summary>
internal sealed class Continuation
{
    private readonly List<int> _tokens;
    private readonly int _promptLength;
    private readonly int _end;
    private readonly int _endOfText;
    private readonly RandomStream _stream;

    /// <param name="number">The prompt's number.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="settings">How to sample.</param>
    /// <param name="stream">The number of its random stream.</param>
    /// <param name="longest">Most tokens of prompt and continuation.</param>
    internal Continuation(int number, int[] prompt, SamplingSettings settings, ulong stream, int longest)
    {
        Number = number;
        _tokens = [.. prompt];
        _promptLength = prompt.Length;
        _end = End(prompt.Length, settings, longest);
        _endOfText = settings.EndOfText;
        _stream = new RandomStream(settings.Seed, "generation", stream);
        Ended = _tokens.Count >= _end;
    }

    internal int Number { get; }

    /// <summary>Tokens that the model has read.</summary>
    internal int Read { get; private set; }

    /// <summary>Tokens that it has yet to read before the next one is picked.</summary>
    internal int Unread => _tokens.Count - Read;

    internal bool Ended { get; private set; }

    /// <summary>The new tokens.</summary>
    internal int[] NewTokens => [.. _tokens.Skip(_promptLength)];

    /// <summary>Where prompt and continuation end at the latest.</summary>
    internal static int End(int promptLength, SamplingSettings settings, int longest) => (int)Math.Min((long)promptLength + settings.NewTokens, longest);

    /// <summary>The next token to be read; the last one predicts the token after it.</summary>
    internal IncrementalRow ReadNext(int slot)
    {
        int position = Read++;
        return new IncrementalRow(slot, position, _tokens[position], Unread == 0);
    }

    /// <summary>Picks the next token.</summary>
    internal void Extend(ReadOnlySpan<float> logits, Sampler sampler) => Extend(sampler.Pick(logits, _stream));

    /// <summary>Takes the next token, which was picked.</summary>
    internal void Extend(int token)
    {
        if (token == _endOfText)
        {
            Ended = true;
            return;
        }

        _tokens.Add(token);
        Ended = _tokens.Count == _end;
    }
}
