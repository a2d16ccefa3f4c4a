namespace MagicFolder.Benchmarks.Folders;

/// <summary>A clock that stands still, an hour ahead: nothing on a disk is too fresh to be trusted, and nothing becomes due.</summary>
internal sealed class StillTime : TimeProvider
{
    private readonly DateTimeOffset _now = System.GetUtcNow().AddHours(1);

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => 0;
}
