using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans.Storage;

namespace SlungOrleans.Grains.Tests.ContractSafety;

/// <summary>
/// States of every grain as the host of one process stored them, with a value other than the default in every member: one file per state, and a
/// further one whenever members were added. They must be read for ever.
/// </summary>
public sealed class StateFormatTests
{
    private static readonly string Folder = Path.Combine(BaselineFolder.Path, "States");

    public static TheoryData<string> States => [.. ContractList.States().Select(state => state.Attribute.StateName)];

    [Theory]
    [MemberData(nameof(States))]
    public void State_StoredByAnEarlierBuild_IsReadWithAllItsMembers(string name)
    {
        foreach (var (file, stored) in Stored(name))
        {
            var state = JsonSerializer.Deserialize(stored, TypeOf(name), StateJson.Options);

            Assert.True(
                Contains(JsonSerializer.SerializeToNode(state, StateJson.Options), JsonNode.Parse(stored), "", out var lost),
                $"{file} is what an earlier build stored, and is read wrong at '{lost}'. States that users have would be: keep reading what was written.");
        }
    }

    [Theory]
    [MemberData(nameof(States))]
    public void State_WithAllItsMembers_IsInABaseline(string name)
    {
        var now = JsonSerializer.SerializeToNode(SampleState.Of(TypeOf(name)), StateJson.Options)!;
        var stored = Stored(name).ToList();
        var members = Members(now, "").ToHashSet();
        members.ExceptWith(stored.SelectMany(file => Members(JsonNode.Parse(file.Content)!, "")));
        if (BaselineFolder.IsToBeAddedTo && members.Count > 0)
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(Path.Combine(Folder, $"{name}.{stored.Count + 1}.json"), now.ToJsonString(StateJson.Options));
            return;
        }

        Assert.True(members.Count == 0, $"No baseline of state '{name}' has {string.Join(", ", members)}. {BaselineFolder.Advice}");
    }

    private static Type TypeOf(string name) => ContractList.States().Single(state => state.Attribute.StateName == name).State;

    private static IEnumerable<(string File, string Content)> Stored(string name) => Directory.Exists(Folder)
        ? Directory.GetFiles(Folder, $"{name}.*.json").Order(StringComparer.Ordinal).Select(file => (file, File.ReadAllText(file)))
        : [];

    /// <summary>Whether all that is in the part is in the whole, too; members that are only in the whole are new.</summary>
    private static bool Contains(JsonNode? whole, JsonNode? part, string path, out string lost)
    {
        lost = path;
        switch (part)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    if (whole is not JsonObject known || !known.TryGetPropertyValue(name, out var same) || !Contains(same, value, $"{path}/{name}", out lost))
                    {
                        lost = lost.Length > path.Length ? lost : $"{path}/{name}";
                        return false;
                    }
                }

                return true;
            case JsonArray elements:
                if (whole is not JsonArray others || others.Count != elements.Count)
                {
                    return false;
                }

                for (var index = 0; index < elements.Count; index++)
                {
                    if (!Contains(others[index], elements[index], $"{path}/{index}", out lost))
                    {
                        return false;
                    }
                }

                return true;
            default:
                return JsonNode.DeepEquals(whole, part);
        }
    }

    private static IEnumerable<string> Members(JsonNode? node, string path) => node switch
    {
        JsonObject members => members.SelectMany(member => Members(member.Value, $"{path}/{member.Key}")),
        JsonArray elements => elements.SelectMany(element => Members(element, $"{path}/*")),
        _ => [path],
    };
}
