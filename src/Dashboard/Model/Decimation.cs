namespace SlungOrleans.Dashboard.Model;

/// <summary>
/// Thins a line to what a picture can show: of each pixel column the first, the last, the lowest and the highest point (M4: Jugel, Jerzak,
/// Hackenbroich and Markl, "M4: A Visualization-Oriented Time Series Data Aggregation", VLDB 2014), so that no spike is lost.
/// </summary>
internal static class Decimation
{
    private const int PointsPerPixel = 4;

    /// <summary>Which points to draw, rising. All of them where they are few enough; a point beyond either end of the range, so that the line leaves the picture.</summary>
    /// <param name="steps">Steps, rising.</param>
    /// <param name="values">As many values; what is not finite is never drawn.</param>
    /// <param name="low">Lower edges of a band; empty without one.</param>
    /// <param name="high">Upper edges; likewise.</param>
    /// <param name="from">The first step of the range.</param>
    /// <param name="to">The last one.</param>
    /// <param name="pixels">Width of the picture, 1 or more.</param>
    public static List<int> Indexes(
        ReadOnlySpan<double> steps, ReadOnlySpan<double> values, ReadOnlySpan<double> low, ReadOnlySpan<double> high, double from, double to, int pixels)
    {
        var chosen = new List<int>();
        var first = Before(steps, values, from);
        var end = After(steps, values, to);
        if (end - first <= PointsPerPixel * pixels || !(to > from))
        {
            for (var i = first; i < end; i++)
            {
                AddIfFinite(chosen, values, i);
            }

            return chosen;
        }

        var start = first;
        while (start < end)
        {
            var column = ColumnOf(steps[start], from, to, pixels);
            var next = start + 1;
            while (next < end && ColumnOf(steps[next], from, to, pixels) == column)
            {
                next++;
            }

            AddColumn(chosen, values, low, high, start, next);
            start = next;
        }

        return chosen;
    }

    private static void AddColumn(List<int> chosen, ReadOnlySpan<double> values, ReadOnlySpan<double> low, ReadOnlySpan<double> high, int start, int end)
    {
        while (start < end && !double.IsFinite(values[start]))
        {
            start++;
        }

        while (end > start && !double.IsFinite(values[end - 1]))
        {
            end--;
        }

        if (start == end)
        {
            return;
        }

        Span<int> points =
        [
            start,
            Lowest(values, start, end, 1),
            Lowest(values, start, end, -1),
            low.IsEmpty ? start : Lowest(low, start, end, 1),
            high.IsEmpty ? start : Lowest(high, start, end, -1),
            end - 1,
        ];
        points.Sort();
        foreach (var point in points)
        {
            if (double.IsFinite(values[point]) && (chosen.Count == 0 || chosen[^1] < point))
            {
                chosen.Add(point);
            }
        }
    }

    // Highest is lowest of the opposite.
    private static int Lowest(ReadOnlySpan<double> values, int start, int end, int sign)
    {
        var best = start;
        for (var i = start + 1; i < end; i++)
        {
            if (sign * values[i] < sign * values[best] || (double.IsNaN(values[best]) && double.IsFinite(values[i])))
            {
                best = i;
            }
        }

        return best;
    }

    // Points outside the range have columns of their own.
    private static long ColumnOf(double step, double from, double to, int pixels) => step < from ? -1 : step > to ? pixels : (long)((step - from) / (to - from) * pixels);

    private static int Before(ReadOnlySpan<double> steps, ReadOnlySpan<double> values, double from)
    {
        var index = LowerBound(steps, from);
        var before = index - 1;
        while (before >= 0 && !double.IsFinite(values[before]))
        {
            before--;
        }

        return Math.Max(before, 0) < index ? Math.Max(before, 0) : index;
    }

    private static int After(ReadOnlySpan<double> steps, ReadOnlySpan<double> values, double to)
    {
        var end = LowerBound(steps, Math.BitIncrement(to));
        var after = end;
        while (after < steps.Length && !double.IsFinite(values[after]))
        {
            after++;
        }

        return after < steps.Length ? after + 1 : end;
    }

    private static int LowerBound(ReadOnlySpan<double> steps, double value)
    {
        var index = steps.BinarySearch(value);
        return index < 0 ? ~index : index;
    }

    private static void AddIfFinite(List<int> chosen, ReadOnlySpan<double> values, int index)
    {
        if (double.IsFinite(values[index]))
        {
            chosen.Add(index);
        }
    }
}
