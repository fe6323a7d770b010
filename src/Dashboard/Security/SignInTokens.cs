using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace SlungOrleans.Dashboard.Security;

/// <summary>Tells whose token was presented.</summary>
internal sealed class SignInTokens(IOptions<DashboardOptions> options)
{
    /// <summary>Who acts where nobody signs in.</summary>
    public const string Local = "local";

    private const string FingerprintClaim = "token";

    private readonly (string Name, byte[] Hash)[] _tokens = [.. options.Value.Tokens.Select(token => (token.Name, SHA256.HashData(token.Bytes())))];

    /// <summary>Whether one has to sign in.</summary>
    public bool AreRequired => _tokens.Length > 0;

    /// <summary>Whoever the token belongs to; null if to nobody. Takes the same time wherever, and whether, it differs from the right ones.</summary>
    public ClaimsPrincipal? Identify(string presented, string scheme)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(presented));
        ClaimsPrincipal? found = null;
        foreach (var (name, expected) in _tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, expected))
            {
                found = Principal(name, Fingerprint(expected), scheme);
            }
        }

        return found;
    }

    /// <summary>Whoever uses this machine.</summary>
    public static ClaimsPrincipal Anybody(string scheme) => Principal(Local, "", scheme);

    /// <summary>Whether the token that somebody signed in with is still one.</summary>
    public bool StillKnow(ClaimsPrincipal principal) =>
        principal.FindFirstValue(FingerprintClaim) is { } fingerprint
        && _tokens.Any(token => token.Name == principal.Identity?.Name && Fingerprint(token.Hash) == fingerprint);

    private static ClaimsPrincipal Principal(string name, string fingerprint, string scheme) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.Name, name), new Claim(ClaimTypes.NameIdentifier, name), new Claim(FingerprintClaim, fingerprint)], scheme));

    // Enough to notice that a token was replaced, and of no use to whoever reads it.
    private static string Fingerprint(byte[] hash) => Convert.ToHexString(SHA256.HashData(hash).AsSpan(0, 8));
}
