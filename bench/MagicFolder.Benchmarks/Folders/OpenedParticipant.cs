using MagicFolder.Sync;
using MagicFolder.Sync.Applying;
using MagicFolder.Sync.Capturing;
using MagicFolder.Sync.Publishing;
using MagicFolder.Sync.Pulling;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Benchmarks.Folders;

/// <summary>A participant whose stages run one at a time, each of them over everything, in the order of a round. Owns its parts but the grid.</summary>
internal sealed class OpenedParticipant : IAsyncDisposable
{
    private readonly EngineParts _parts;
    private readonly ParticipantEngine _engine;

    private OpenedParticipant(EngineParts parts, ParticipantEngine engine)
    {
        _parts = parts;
        _engine = engine;
        engine.Tools.Ignore.Refresh();
    }

    internal static async Task<OpenedParticipant> OpenAsync(EngineParts parts) => new(parts, await ParticipantEngine.OpenAsync(parts, CancellationToken.None));

    /// <summary>Reads the heads of the others and joins what is new.</summary>
    internal Task<int> PullAsync() => new PullStage(_parts, _engine.Tools).RunAsync(_engine.Roster, CancellationToken.None);

    /// <summary>How many things on the disk are not as recorded.</summary>
    internal int Scan() => Observe().Count();

    /// <summary>Scans, and makes versions of what differs. The number of versions.</summary>
    internal async Task<int> CaptureAsync() =>
        (await new CaptureStage(_parts, _engine.Tools, isReadOnly: false, _ => Task.CompletedTask).RunAsync(Observe(), ScanScope.Everything, CancellationToken.None)).Captured;

    /// <summary>Plans and applies what is pending. The number of paths that changed.</summary>
    internal async Task<int> ApplyAsync() => (await new MaterializeStage(_parts, _engine.Tools).RunAsync(_engine.Roster, CancellationToken.None)).Applied;

    /// <summary>Writes the first snapshot and its head.</summary>
    internal Task PublishAsync() => new PublishStage(_parts, _engine.Tools).RunAsync(CancellationToken.None);

    /// <summary>A whole round.</summary>
    internal Task RunRoundAsync() => _engine.RunRoundAsync(ScanScope.Everything, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _parts.State.Dispose();
        _parts.Disk.Dispose();
        _parts.Personal.Dispose();
    }

    private IEnumerable<LocalObservation> Observe() => new LocalScan(_parts, _engine.Tools.Ignore.Rules, static _ => false).Observe(ScanScope.Everything);
}
