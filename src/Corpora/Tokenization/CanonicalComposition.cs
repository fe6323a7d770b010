using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace SlungOrleans.Corpora;

/// <summary>
/// Unicode normalization form C (UAX #15), which the tokenizers of GPT-NeoX' family ask for. Written out because .NET leaves text as it is
/// where globalization is invariant.
/// </summary>
internal static class CanonicalComposition
{
    private const int FirstThatCanChange = 0x300;
    private const int SyllableBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TrailBase = 0x11A7;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Trails = 28;

    private static readonly Dictionary<int, byte> Classes = [];
    private static readonly Dictionary<int, int[]> Decompositions = [];
    private static readonly Dictionary<(int, int), int> Compositions = [];

    /// <summary>Characters that can be other in form C than they stand, by themselves or beside others.</summary>
    private static readonly HashSet<int> CanChange = [];

    static CanonicalComposition()
    {
        using var stream = typeof(CanonicalComposition).Assembly.GetManifestResourceStream("CanonicalMappings.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            var parts = line.Split(' ');
            if (parts[0] == "class")
            {
                for (var rune = Hexadecimal(parts[1]); rune <= Hexadecimal(parts[2]); rune++)
                {
                    Classes.Add(rune, byte.Parse(parts[3], CultureInfo.InvariantCulture));
                    CanChange.Add(rune);
                }
            }
            else if (parts[0] is "pair" or "only")
            {
                var composed = Hexadecimal(parts[1]);
                int[] decomposed = [.. parts[2..].Select(Hexadecimal)];
                Decompositions.Add(composed, decomposed);
                if (parts[0] == "only")
                {
                    CanChange.Add(composed);
                }
                else
                {
                    Compositions.Add((decomposed[0], decomposed[1]), composed);
                    CanChange.Add(decomposed[1]);
                }
            }
        }

        CanChange.UnionWith(Enumerable.Range(VowelBase, Vowels));
        CanChange.UnionWith(Enumerable.Range(TrailBase + 1, Trails - 1));
    }

    /// <summary>The text in form C; the text itself where it surely is in it.</summary>
    internal static ReadOnlySpan<char> Compose(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyInRange((char)FirstThatCanChange, char.MaxValue) || !HasAnyThatCanChange(text))
        {
            return text;
        }

        var runes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, runes);
        }

        var kept = Compose(runes);
        var composed = new StringBuilder(text.Length);
        for (var i = 0; i < kept; i++)
        {
            composed.Append(new Rune(runes[i]).ToString());
        }

        return composed.ToString();
    }

    private static bool HasAnyThatCanChange(ReadOnlySpan<char> text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (CanChange.Contains(rune.Value))
            {
                return true;
            }
        }

        return false;
    }

    private static void Decompose(int rune, List<int> runes)
    {
        if (rune is >= SyllableBase and < SyllableBase + (Leads * Vowels * Trails))
        {
            var index = rune - SyllableBase;
            runes.Add(LeadBase + (index / (Vowels * Trails)));
            runes.Add(VowelBase + (index % (Vowels * Trails) / Trails));
            if (index % Trails != 0)
            {
                runes.Add(TrailBase + (index % Trails));
            }
        }
        else if (Decompositions.TryGetValue(rune, out var parts))
        {
            foreach (var part in parts)
            {
                Decompose(part, runes);
            }
        }
        else
        {
            // Marks are kept in the order of their classes, those of one class as they came.
            var at = runes.Count;
            var order = ClassOf(rune);
            while (order != 0 && at > 0 && ClassOf(runes[at - 1]) > order)
            {
                at--;
            }

            runes.Insert(at, rune);
        }
    }

    /// <summary>Composes in place; returns how many characters remain.</summary>
    private static int Compose(List<int> runes)
    {
        var starter = -1;
        var kept = 0;
        var lastClass = 0;
        foreach (var rune in CollectionsMarshal.AsSpan(runes))
        {
            var order = ClassOf(rune);
            var blocked = starter >= 0 && starter != kept - 1 && (lastClass == 0 || lastClass >= order);
            if (starter >= 0 && !blocked && TryCompose(runes[starter], rune, out var composed))
            {
                runes[starter] = composed;
                continue;
            }

            if (order == 0)
            {
                starter = kept;
            }

            lastClass = order;
            runes[kept++] = rune;
        }

        return kept;
    }

    private static bool TryCompose(int first, int second, out int composed)
    {
        if (first is >= LeadBase and < LeadBase + Leads && second is >= VowelBase and < VowelBase + Vowels)
        {
            composed = SyllableBase + ((((first - LeadBase) * Vowels) + second - VowelBase) * Trails);
            return true;
        }

        if (first is >= SyllableBase and < SyllableBase + (Leads * Vowels * Trails) && (first - SyllableBase) % Trails == 0
            && second is > TrailBase and < TrailBase + Trails)
        {
            composed = first + second - TrailBase;
            return true;
        }

        return Compositions.TryGetValue((first, second), out composed);
    }

    private static int ClassOf(int rune) => Classes.GetValueOrDefault(rune);

    private static int Hexadecimal(string value) => int.Parse(value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
