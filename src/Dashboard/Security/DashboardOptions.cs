using System.Text;
using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard;

/// <summary>Who may reach the dashboard, and under which names. The defaults are for one machine and its users.</summary>
public sealed class DashboardOptions
{
    /// <summary>The names of this machine for itself.</summary>
    public static ImmutableArray<string> LoopbackHosts { get; } = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>Tokens that people sign in with. Default: none, and nobody has to sign in.</summary>
    public ImmutableArray<SignInToken> Tokens { get; set; } = [];

    /// <summary>Hosts, without ports, that requests may be addressed to; others are refused. Default: <see cref="LoopbackHosts"/>.</summary>
    public ImmutableArray<string> AllowedHosts { get; set; } = LoopbackHosts;

    /// <summary>The folder of the keys that cookies are encrypted with, made if there is none. Null (default): they do not outlive the process' user.</summary>
    public string? KeysFolder { get; set; }

    /// <summary>Everything that is wrong with the options, each in one sentence.</summary>
    public IEnumerable<string> Faults()
    {
        foreach (var token in Tokens)
        {
            if (!Identifiers.IsValid(token.Name))
            {
                yield return $"A sign-in token is named '{token.Name}'; expected 1 to 96 characters of a-z, 0-9 and '-', starting with a letter or digit.";
            }

            if (!token.HasGoodValue)
            {
                yield return $"The sign-in token '{token.Name}' has {token.Length} characters; expected {SignInToken.Shortest} to {SignInToken.Longest} printable ASCII characters without spaces.";
            }
        }

        foreach (var name in Tokens.GroupBy(token => token.Name).Where(group => group.Count() > 1).Select(group => group.Key))
        {
            yield return $"There are several sign-in tokens named '{name}'; expected a name of its own for each.";
        }

        if (AllowedHosts.IsEmpty)
        {
            yield return "No host is allowed; expected the names that people reach the dashboard by.";
        }

        foreach (var host in AllowedHosts.Where(host => Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown))
        {
            yield return $"The allowed host '{host}' is not the name or address of a host; expected for example lab.example, without scheme, port or '*'.";
        }
    }
}

/// <summary>What one person or program signs in with.</summary>
/// <param name="name">Who signs in with it, for the audit log: an identifier.</param>
/// <param name="value">The secret itself.</param>
public sealed class SignInToken(string name, string value)
{
    /// <summary>Characters that a token has at least.</summary>
    public const int Shortest = 16;

    /// <summary>Characters that a token has at most.</summary>
    public const int Longest = 256;

    /// <summary>Who signs in with it.</summary>
    public string Name { get; } = name;

    /// <summary>How many characters the secret has.</summary>
    public int Length => value.Length;

    internal bool HasGoodValue => value.Length is >= Shortest and <= Longest && value.All(character => character is > ' ' and <= '~');

    // The secret is no property: nothing that writes out objects can tell it.
    internal byte[] Bytes() => Encoding.UTF8.GetBytes(value);
}
