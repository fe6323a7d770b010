using Microsoft.AspNetCore.Components.Authorization;
using SlungOrleans.Contracts;

namespace SlungOrleans.Dashboard.Security;

/// <summary>Does what somebody asks for on a page, and writes it into the audit log under the name they signed in with.</summary>
public sealed class RecordedActions(IAuditLog log, AuthenticationStateProvider authentication)
{
    /// <summary>See <see cref="AuditLogExtensions"/>.</summary>
    /// <param name="action">For example <c>cancel</c>.</param>
    /// <param name="kind">What <paramref name="id"/> names, for example <c>study</c>.</param>
    /// <param name="id">To what it is done.</param>
    /// <param name="work">Does it.</param>
    /// <exception cref="LabException">Nobody is signed in any more.</exception>
    public async Task DoAsync(string action, string kind, string id, Func<Task> work)
    {
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        var who = user.Identity is { IsAuthenticated: true, Name: { } name } ? name : throw new LabException("Nobody is signed in; load the page again.");
        await log.DoAsync(who, action, kind, id, work);
    }
}
