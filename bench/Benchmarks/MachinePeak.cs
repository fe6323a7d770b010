using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SlungOrleans.Benchmarks;

/// <summary>
/// The machine's peak of single-precision fused multiply-adds from registers alone, at this moment: the clock falls under wide vectors and moves
/// with what else the host does, so a share of the peak is only right of a peak that was measured right beside.
/// </summary>
internal static class MachinePeak
{
    private const int Sums = 20;
    private const long Rounds = 200_000;
    private const int Pieces = 40;

    /// <summary>The sum over some threads at a time, in GFLOP/s, of each one's fastest millisecond among forty: now and then two begin on one core.</summary>
    internal static double Measure(int threads)
    {
        double[] rates = new double[threads];
        using var together = new Barrier(threads);
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(number => new Thread(() =>
        {
            together.SignalAndWait();
            for (int piece = 0; piece < Pieces; piece++)
            {
                long start = Stopwatch.GetTimestamp();
                GC.KeepAlive(MultiplyAndAdd(Rounds));
                rates[number] = Math.Max(
                    rates[number], Rounds * Sums * 2 * Vector512<float>.Count / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9);
            }
        }))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        return rates.Sum();
    }

    /// <summary>Twenty chains: enough to hide an operation's latency, few enough for 32 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector512<float> MultiplyAndAdd(long rounds)
    {
        Vector512<float> x = Vector512.Create(0.999f), y = Vector512.Create(0.001f);
        Vector512<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x;
        Vector512<float> k = x, l = x, m = x, n = x, o = x, p = x, q = x, r = x, s = x, t = x;
        for (; rounds > 0; rounds--)
        {
            a = Vector512.MultiplyAddEstimate(a, x, y);
            b = Vector512.MultiplyAddEstimate(b, x, y);
            c = Vector512.MultiplyAddEstimate(c, x, y);
            d = Vector512.MultiplyAddEstimate(d, x, y);
            e = Vector512.MultiplyAddEstimate(e, x, y);
            f = Vector512.MultiplyAddEstimate(f, x, y);
            g = Vector512.MultiplyAddEstimate(g, x, y);
            h = Vector512.MultiplyAddEstimate(h, x, y);
            i = Vector512.MultiplyAddEstimate(i, x, y);
            j = Vector512.MultiplyAddEstimate(j, x, y);
            k = Vector512.MultiplyAddEstimate(k, x, y);
            l = Vector512.MultiplyAddEstimate(l, x, y);
            m = Vector512.MultiplyAddEstimate(m, x, y);
            n = Vector512.MultiplyAddEstimate(n, x, y);
            o = Vector512.MultiplyAddEstimate(o, x, y);
            p = Vector512.MultiplyAddEstimate(p, x, y);
            q = Vector512.MultiplyAddEstimate(q, x, y);
            r = Vector512.MultiplyAddEstimate(r, x, y);
            s = Vector512.MultiplyAddEstimate(s, x, y);
            t = Vector512.MultiplyAddEstimate(t, x, y);
        }

        return a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r + s + t;
    }
}
