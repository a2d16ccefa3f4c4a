using System.Text.Json;
using System.Text.Json.Serialization;
using MagicFolder.Model;
using MagicFolder.Model.Snapshots;

namespace MagicFolder.Sync.Folders;

/// <summary>What the owner of a computer wants of the history of a folder: <c>retention.json</c> in its state directory, which he writes by hand (docs/formats/retention-file.md). Read whenever the folder is opened.</summary>
public static class RetentionFile
{
    public const string FileName = "retention.json";

    /// <summary>Null when there is none.</summary>
    /// <exception cref="DamagedBytesException">It is not what it should be: then nothing may be let go of.</exception>
    public static RetentionRule? Read(string stateDirectory)
    {
        string file = Path.Combine(stateDirectory, FileName);
        return File.Exists(file) ? Parse(File.ReadAllBytes(file), file) : null;
    }

    internal static RetentionRule Parse(ReadOnlySpan<byte> bytes, string file)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, RetentionFileJson.Default.Stored) is { } stored ? new RetentionRule(stored.AllOfDays, stored.DropAfterDays) : throw new JsonException();
        }
        catch (Exception e) when (e is JsonException or ArgumentOutOfRangeException)
        {
            throw new DamagedBytesException(
                DamageReason.Malformed,
                $"{file} is no rule for the history: it takes allOfDays (0 to {RetentionRule.MostDays}) and dropAfterDays (1 to {RetentionRule.MostDays}), and nothing else. Correct it, or remove it.");
        }
    }

    internal sealed record Stored(int AllOfDays = 0, int? DropAfterDays = null);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(RetentionFile.Stored))]
internal sealed partial class RetentionFileJson : JsonSerializerContext;
