using System.Text.Json.Serialization;

namespace MagicFolder.Daemon.Api;

/// <summary>The answers that the Python magic-folder has as well, in its spelling.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyDictionary<string, ListedFolder>))]
[JsonSerializable(typeof(List<FileStatus>))]
[JsonSerializable(typeof(List<RecentChange>))]
public sealed partial class PythonJson : JsonSerializerContext;
