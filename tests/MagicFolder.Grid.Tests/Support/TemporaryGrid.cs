using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Grid.Tests.Support;

/// <summary>A directory of its own under the system's temporary directory, removed at the end.</summary>
internal sealed class TemporaryGrid : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("grid-tests-");

    public SettableTime Time { get; } = new();

    public SeededRandom Random { get; } = new(1);

    public string Root => Path.Combine(_directory.FullName, "grid");

    public IEnumerable<string> Files => Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories);

    public IEnumerable<string> ShareFiles => Directory.EnumerateFiles(Path.Combine(Root, "shares"), "*", SearchOption.AllDirectories);

    /// <summary>The slots that there are, by the names of their directories.</summary>
    public IEnumerable<StorageIndex> Slots => Directory.EnumerateDirectories(Path.Combine(Root, "shares"), "*", SearchOption.AllDirectories)
        .Select(path => StorageIndex.TryParse(Path.GetFileName(path), out var index) ? index : (StorageIndex?)null).OfType<StorageIndex>();

    public Task<DirectoryShareServer> CreateAsync() => DirectoryShareServer.CreateAsync(Root, Time, Random, CancellationToken.None);

    public Task<DirectoryShareServer> OpenAsync() => DirectoryShareServer.OpenAsync(Root, Time, Random, CancellationToken.None);

    public void Dispose() => _directory.Delete(recursive: true);
}
