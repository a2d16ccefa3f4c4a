using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Cli.Composition;

/// <summary>Some key pairs, made at the same time on all processors: each takes a quarter of a second, which is most of what founding a folder takes.</summary>
internal sealed class KeysAhead(int count) : IDisposable
{
    private readonly Queue<Task<MutableKeys>> _making = new([.. Enumerable.Range(0, count).Select(_ => Task.Run(MutableKeys.Generate))]);

    /// <summary>One of them; more than were asked for are made when they are.</summary>
    internal MutableKeys Next() => _making.TryDequeue(out var made) ? made.GetAwaiter().GetResult() : MutableKeys.Generate();

    /// <summary>Those that nobody took go.</summary>
    public void Dispose()
    {
        foreach (var made in _making) made.GetAwaiter().GetResult().Dispose();
    }
}
