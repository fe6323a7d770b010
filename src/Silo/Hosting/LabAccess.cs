using System.Net;
using System.Security.Cryptography;
using SlungOrleans.Contracts;
using SlungOrleans.Dashboard;

namespace SlungOrleans.Silo.Hosting;

/// <summary>Who may reach a silo's dashboard: beyond this machine nobody without a token.</summary>
internal sealed class LabAccess
{
    private const string TokenName = "token";
    private const int GeneratedBytes = 16;

    private readonly ImmutableArray<SignInToken> _tokens;
    private readonly ImmutableArray<string> _hosts;
    private readonly string _keysFolder;

    private LabAccess(LabOptions options, Uri url)
    {
        _hosts = HostsOf(options, url);
        _tokens = TokensOf(options);
        _keysFolder = Path.Combine(options.Data, "keys");
        Address = IsAnyAddress(url) ? new UriBuilder(url) { Host = NamedHosts(options)[0] }.Uri.ToString().TrimEnd('/') : options.Url;
        if (!NeedsToken(options, url))
        {
            _tokens = [];
        }
        else if (_tokens.IsEmpty)
        {
            var value = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(GeneratedBytes));
            _tokens = [new SignInToken(TokenName, value)];
            SignInAddress = $"{Address.TrimEnd('/')}/sign-in#token={value}";
        }
    }

    /// <summary>Where people reach the dashboard.</summary>
    public string Address { get; }

    /// <summary>Where they sign in with the token that was generated; null if none was.</summary>
    public string? SignInAddress { get; }

    /// <summary>What is wrong with the settings, each in one sentence.</summary>
    public static IEnumerable<string> Faults(LabOptions options)
    {
        if (!TryParse(options.Url, out var url))
        {
            return [$"Lab:Url '{options.Url}' is not an address; expected for example http://127.0.0.1:5080."];
        }

        var faults = new List<string>();
        if (!IsLoopback(url) && options.RequireToken == false)
        {
            faults.Add($"Lab:Url '{options.Url}' is reachable from other machines and Lab:RequireToken is false; expected an address of this machine such as http://127.0.0.1:5080, or true.");
        }

        if (IsAnyAddress(url) && NamedHosts(options).IsEmpty)
        {
            faults.Add($"Lab:Url '{options.Url}' is every address of this machine and Lab:AllowedHosts is empty; expected the names that people reach it by, for example lab.example.");
        }

        try
        {
            faults.AddRange(new DashboardOptions { Tokens = TokensOf(options), AllowedHosts = HostsOf(options, url) }.Faults());
        }
        catch (LabException exception)
        {
            faults.Add(exception.Message);
        }

        return faults;
    }

    /// <param name="options">Settings without faults.</param>
    public static LabAccess Of(LabOptions options) => new(options, new Uri(options.Url));

    /// <summary>Sets the dashboard's options.</summary>
    public void Configure(DashboardOptions options)
    {
        options.Tokens = _tokens;
        options.AllowedHosts = _hosts;
        options.KeysFolder = _keysFolder;
    }

    private static bool TryParse(string text, out Uri url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url!) && url.Scheme is "http" or "https" && url.PathAndQuery == "/" && url.UserInfo.Length == 0;

    private static bool NeedsToken(LabOptions options, Uri url) => options.RequireToken ?? (!IsLoopback(url) || options.Token is not null || options.TokenFile is not null);

    // As Kestrel reads it: any other name, even one of this machine for itself, makes it listen on every address. Uri would call such a name 'localhost'.
    private static bool IsLoopback(Uri url) =>
        BindingAddress.Parse(url.OriginalString).Host is var host
        && (string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)));

    private static bool IsAnyAddress(Uri url) => IPAddress.TryParse(url.Host, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    private static ImmutableArray<string> NamedHosts(LabOptions options) =>
        [.. options.AllowedHosts.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private static ImmutableArray<string> HostsOf(LabOptions options, Uri url) =>
        [.. DashboardOptions.LoopbackHosts.Concat(IsAnyAddress(url) ? [] : [url.Host]).Concat(NamedHosts(options)).Distinct(StringComparer.OrdinalIgnoreCase)];

    private static ImmutableArray<SignInToken> TokensOf(LabOptions options)
    {
        var tokens = options.TokenFile is { Length: > 0 } file ? ReadFile(file) : [];
        return options.Token is { } token ? tokens.Insert(0, new SignInToken(TokenName, token)) : tokens;
    }

    /// <exception cref="LabException">The file cannot be read, or a line is no name and token.</exception>
    private static ImmutableArray<SignInToken> ReadFile(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LabException($"Lab:TokenFile '{path}' cannot be read: {exception.Message}");
        }

        var tokens = ImmutableArray.CreateBuilder<SignInToken>();
        foreach (var (index, line) in lines.Index().Where(line => line.Item.Trim() is { Length: > 0 } text && text[0] != '#'))
        {
            var parts = line.Split(':', 2, StringSplitOptions.TrimEntries);

            // The line itself is not said: it may be a token.
            tokens.Add(parts.Length == 2 ? new SignInToken(parts[0], parts[1]) : throw new LabException($"Lab:TokenFile '{path}', line {index + 1}, has no ':'; expected 'name: token'."));
        }

        return tokens.Count > 0 ? tokens.ToImmutable() : throw new LabException($"Lab:TokenFile '{path}' has no token; expected lines 'name: token'.");
    }
}
