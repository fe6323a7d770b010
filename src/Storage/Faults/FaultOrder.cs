using System.Diagnostics;
using System.Globalization;

namespace SlungOrleans.Storage;

/// <summary>
/// An order to kill this process where it passes a fault point: <c>checkpoint/upload:3:kill</c> is the third passing of
/// <c>checkpoint/upload</c>. For tests of what a crash leaves behind.
/// </summary>
/// <param name="Point">The fault point's name.</param>
/// <param name="Passing">Which passing, from 1.</param>
public sealed record FaultOrder(string Point, int Passing)
{
    /// <summary>The environment variable that an order is read from.</summary>
    public const string Variable = "SLUNGORLEANS_FAULT";

    private const string Action = "kill";

    /// <summary>Reads an order.</summary>
    /// <param name="text">The point's name, which passing, and <c>kill</c>, joined by ':'.</param>
    /// <exception cref="FormatException">It is no order; the message says what is expected.</exception>
    public static FaultOrder Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split(':') is [{ Length: > 0 } point, var count, Action]
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int passing)
            && passing >= 1
            ? new FaultOrder(point, passing)
            : throw new FormatException($"{Variable} is '{text}'; expected a fault point, which passing from 1, and '{Action}', such as checkpoint/upload:3:{Action}.");
    }

    /// <summary>Arms the fault points as the environment variable orders; does nothing where it is not set.</summary>
    /// <exception cref="FormatException">The variable holds no order.</exception>
    public static void ArmFromEnvironment()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text)
        {
            Parse(text).Arm();
        }
    }

    private void Arm()
    {
        int passed = 0;

        // For the process' whole life: nothing disarms it.
        _ = FaultPoints.Arm(reached =>
        {
            if (reached == Point && Interlocked.Increment(ref passed) == Passing)
            {
                // SIGKILL: no handler, no clean-up, nothing flushed.
                Process.GetCurrentProcess().Kill();
                Thread.Sleep(Timeout.Infinite);
            }
        });
    }
}
