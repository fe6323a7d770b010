using System.Reflection;

namespace Orleans.Hosting;

/// <summary>Settings of the host of grains in one process.</summary>
public sealed class EmbeddedOrleansOptions
{
    /// <summary>The SQLite file of states and reminders. It and its folder are made if they are not there.</summary>
    public string DatabasePath { get; set; } = "";

    /// <summary>The assemblies of the grain classes.</summary>
    public IList<Assembly> GrainAssemblies { get; } = [];

    /// <summary>How long a caller waits for a response. More than zero; 30 s unless set.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>An activation that was not called for so long is deactivated. More than zero; 15 minutes unless set.</summary>
    public TimeSpan CollectionAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The least period of a reminder. More than zero; 1 minute unless set.</summary>
    public TimeSpan MinimumReminderPeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long activation may take. More than zero; 30 s unless set.</summary>
    public TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long deactivation may take, also that of all grains when the host stops. More than zero; 30 s unless set.</summary>
    public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    internal IEnumerable<string> FindFaults()
    {
        if (string.IsNullOrWhiteSpace(DatabasePath))
        {
            yield return $"{nameof(DatabasePath)} is empty; expected the path of a SQLite file.";
        }

        if (GrainAssemblies.Count == 0)
        {
            yield return $"{nameof(GrainAssemblies)} is empty; expected the assemblies of the grain classes.";
        }

        (string Name, TimeSpan Value)[] times =
        [
            (nameof(ResponseTimeout), ResponseTimeout), (nameof(CollectionAge), CollectionAge), (nameof(MinimumReminderPeriod), MinimumReminderPeriod),
            (nameof(ActivationTimeout), ActivationTimeout), (nameof(DeactivationTimeout), DeactivationTimeout),
        ];
        foreach (var (name, value) in times)
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(40))
            {
                yield return $"{name} is {value}; expected more than zero and at most 40 days.";
            }
        }
    }
}
