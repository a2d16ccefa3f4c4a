using System.Text.Json.Serialization.Metadata;
using MagicFolder.Daemon.Api;
using MagicFolder.Model.Paths;

namespace MagicFolder.Cli.Composition;

/// <summary>A folder of a daemon that runs, and which path of it is meant. Everything about it is asked of that daemon.</summary>
internal sealed record DaemonFolder(ApiClient Client, string Name, ChosenPath Chosen) : IDisposable
{
    /// <summary>Null when no daemon runs.</summary>
    /// <param name="configOption">As given with <c>--config</c>.</param>
    /// <param name="name">As given with <c>--folder</c>.</param>
    /// <param name="asOption">As given with <c>--as</c>.</param>
    /// <param name="path">As given; null where a command has none.</param>
    /// <param name="cancel">Stops asking.</param>
    internal static async Task<DaemonFolder?> FindAsync(string? configOption, string name, string? asOption, string? path, CancellationToken cancel)
    {
        if (await ApiClient.TryOpenAsync(configOption, cancel) is not { } client) return null;
        bool isFound = false;
        try
        {
            var listed = await client.GetAsync("/v1/magic-folder", PythonJson.Default.IReadOnlyDictionaryStringListedFolder, cancel);
            if (!listed.TryGetValue(name, out var folder)) throw new Output.CommandException($"There is no folder {name} here; {Describe(listed.Keys)}");
            var found = new DaemonFolder(client, name, ChosenPath.Choose([(folder.Author.Name, folder.MagicPath)], asOption, path));
            isFound = true;
            return found;
        }
        finally
        {
            if (!isFound) client.Dispose();
        }
    }

    /// <summary>Which folders there are, as the rest of a sentence.</summary>
    internal static string Describe(IEnumerable<string> names) =>
        string.Join(", ", names.Order(StringComparer.Ordinal)) is { Length: > 0 } some ? $"there are: {some}." : "there is none; 'magic-folder add' makes one.";

    /// <param name="what">Behind the path of the folder.</param>
    /// <param name="type">Of the answer.</param>
    /// <param name="cancel">Stops waiting.</param>
    internal Task<T> GetAsync<T>(string what, JsonTypeInfo<T> type, CancellationToken cancel) => Client.GetAsync(ApiClient.PathOf(Name, what), type, cancel);

    internal Task<T> PostAsync<T>(string what, JsonTypeInfo<T> type, CancellationToken cancel) => Client.PostAsync(ApiClient.PathOf(Name, what), type, cancel);

    internal Task<T> SendAsync<TBody, T>(string what, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken cancel) =>
        Client.SendAsync(HttpMethod.Post, ApiClient.PathOf(Name, what), body, bodyType, type, cancel);

    /// <summary>A query for a path.</summary>
    internal static string QueryOf(RelativePath path) => $"?path={Uri.EscapeDataString(path.ToString())}";

    public void Dispose() => Client.Dispose();
}
