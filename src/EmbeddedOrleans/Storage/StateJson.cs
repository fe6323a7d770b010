using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orleans.Storage;

// How states are written: members that a reader does not know are passed over, and members that are not there keep what the
// constructor gave them, so that versions of a program can read each other's states.
internal static class StateJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        IncludeFields = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };
}
