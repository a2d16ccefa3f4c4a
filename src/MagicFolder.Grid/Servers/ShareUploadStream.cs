namespace MagicFolder.Grid.Servers;

/// <summary>An upload as the stream that the encoder writes a share to.</summary>
/// <param name="upload">Not disposed of.</param>
/// <param name="onFailure">Keeps a failure of the server to itself, so that other shares go on: from then on nothing is written. What it throws ends all. Null: nothing is kept.</param>
internal sealed class ShareUploadStream(IShareUpload upload, Action<GridException>? onFailure = null) : Stream
{
    private bool _hasFailed;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        onFailure is null ? upload.WriteAsync(buffer, cancellationToken) : WriteOrKeepAsync(buffer, onFailure, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Uploads are written asynchronously.");

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask WriteOrKeepAsync(ReadOnlyMemory<byte> buffer, Action<GridException> keep, CancellationToken cancel)
    {
        if (_hasFailed)
        {
            return;
        }

        try
        {
            await upload.WriteAsync(buffer, cancel);
        }
        catch (GridException e)
        {
            _hasFailed = true;
            keep(e);
        }
    }
}
