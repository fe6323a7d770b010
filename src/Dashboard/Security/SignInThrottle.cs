using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace SlungOrleans.Dashboard.Security;

/// <summary>Ten wrong tokens a minute from one address; then none from there is looked at until the minute is over.</summary>
internal sealed class SignInThrottle : IDisposable
{
    public const int FailuresAMinute = 10;

    // A household or a host has at least so much of an IPv6 address for itself.
    private const int PrefixBytes = 8;

    private readonly PartitionedRateLimiter<HttpContext> _failures = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        RateLimitPartition.GetFixedWindowLimiter(AddressOf(context), _ => new FixedWindowRateLimiterOptions { PermitLimit = FailuresAMinute, Window = TimeSpan.FromMinutes(1) }));

    public bool Allows(HttpContext context)
    {
        using var lease = _failures.AttemptAcquire(context, permitCount: 0);
        return lease.IsAcquired;
    }

    public void CountFailure(HttpContext context)
    {
        using var lease = _failures.AttemptAcquire(context);
    }

    public void Dispose() => _failures.Dispose();

    private static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } address when !IPAddress.IsLoopback(address) => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, PrefixBytes)),
        var address => address.ToString(),
    };
}
