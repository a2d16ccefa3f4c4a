using MagicFolder.Grid.Servers;

namespace MagicFolder.Grid.Tests.Support;

/// <summary>A grid of several directories, which can be lost and come back. Clients open them as the command does: one that is missing is tried again when it is needed.</summary>
internal sealed class SpreadGrid(int directories, GridEncoding spread) : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("grid-tests-");

    public SettableTime Time { get; } = new();

    public SeededRandom Random { get; } = new(1);

    public GridEncoding Spread => spread;

    /// <summary>Called when a client has just opened a directory.</summary>
    public Action<int>? Opened { get; set; }

    public int Count => directories;

    public string At(int directory) => Path.Combine(_directory.FullName, $"grid{directory}");

    public static async Task<SpreadGrid> CreateAsync(int directories, GridEncoding spread)
    {
        var grid = new SpreadGrid(directories, spread);
        for (var i = 0; i < directories; i++)
        {
            await DirectoryShareServer.CreateAsync(grid.At(i), grid.Time, grid.Random, default);
        }

        return grid;
    }

    public TahoeGrid Client(byte number, TimeProvider? time = null) =>
        new([.. Enumerable.Range(0, directories).Select(Member)], spread, Enumerable.Repeat(number, 32).ToArray(), Random, time ?? Time);

    /// <summary>A client with servers that are open already and can be made to fail.</summary>
    public async Task<(TahoeGrid Grid, FailingServer[] Servers)> FailingClientAsync(byte number)
    {
        var servers = new FailingServer[directories];
        for (var i = 0; i < directories; i++)
        {
            servers[i] = new FailingServer(await DirectoryShareServer.OpenAsync(At(i), Time, Random, default));
        }

        return (new([.. servers.Select((server, i) => new GridMember(At(i), server))], spread, Enumerable.Repeat(number, 32).ToArray(), Random, Time), servers);
    }

    /// <summary>Makes a directory disappear, like a drive that is unplugged.</summary>
    public void Lose(int directory) => Directory.Move(At(directory), At(directory) + ".away");

    public void BringBack(int directory) => Directory.Move(At(directory) + ".away", At(directory));

    /// <summary>Puts an empty directory in the place of a lost one, which is lost for good.</summary>
    public void Replace(int directory)
    {
        Directory.Delete(At(directory) + ".away", recursive: true);
        Directory.CreateDirectory(Path.Combine(At(directory), "shares"));
    }

    /// <summary>Files of shares in one directory.</summary>
    public string[] Shares(int directory) =>
        [.. Directory.EnumerateFiles(Path.Combine(At(directory), "shares"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public IEnumerable<string> AllShares => Enumerable.Range(0, directories).Where(i => Directory.Exists(At(i))).SelectMany(Shares);

    public void Dispose() => _directory.Delete(recursive: true);

    private GridMember Member(int directory) =>
        new(At(directory), async cancel =>
        {
            var server = await DirectoryShareServer.OpenAsync(At(directory), Time, Random, cancel);
            Opened?.Invoke(directory);
            return server;
        });
}
