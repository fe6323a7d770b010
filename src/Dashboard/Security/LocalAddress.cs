namespace SlungOrleans.Dashboard.Security;

/// <summary>Addresses within this dashboard.</summary>
internal static class LocalAddress
{
    public const string Home = "/";

    /// <summary>The address, if a browser that is sent there stays here; else <see cref="Home"/>.</summary>
    public static string OrHome(string? address) => IsLocal(address) ? address! : Home;

    // A browser takes '\' for '/', drops control characters, and takes '//' for the start of a host.
    private static bool IsLocal(string? address) =>
        address is ['/', ..]
        && address is not ['/', '/' or '\\', ..]
        && address.All(character => character is > ' ' and <= '~')
        && !address.StartsWith(SignInEndpoints.SignIn, StringComparison.OrdinalIgnoreCase)
        && !address.StartsWith(SignInEndpoints.SignOut, StringComparison.OrdinalIgnoreCase);
}
