#if USE_ORLEANS
namespace SlungOrleans.Silo.Hosting;

/// <summary>Lets a client try for some seconds to find a silo: one may just be starting, or have died and not yet be taken off the list.</summary>
internal sealed class ClientPatience : IClientConnectionRetryFilter
{
    private const int MostAttempts = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private int _attempts;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not OrleansException || ++_attempts >= MostAttempts)
        {
            return false;
        }

        await Task.Delay(Pause, cancellationToken);
        return true;
    }
}
#endif
