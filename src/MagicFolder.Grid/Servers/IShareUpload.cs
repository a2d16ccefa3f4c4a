namespace MagicFolder.Grid.Servers;

/// <summary>An immutable share being written, in order. Not for concurrent use. Disposing of it before it is finished abandons it without a trace.</summary>
public interface IShareUpload : IAsyncDisposable
{
    /// <summary>Appends to the share data.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancel);

    /// <summary>
    /// Makes the share appear, complete and durable, with its lease. False if another uploader finished the same share first: then that one stays, and the
    /// lease is on it. Fewer bytes than announced are an <see cref="InvalidOperationException"/>.
    /// </summary>
    Task<bool> FinishAsync(CancellationToken cancel);
}
