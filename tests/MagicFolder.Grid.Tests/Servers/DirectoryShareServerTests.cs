using MagicFolder.Grid.Servers;
using MagicFolder.Grid.Tests.Support;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Grid.Tests.Servers;

public sealed partial class DirectoryShareServerTests : IDisposable
{
    private static readonly Digest Enabler = Digest.From(Enumerable.Repeat((byte)7, 32).ToArray());

    private readonly TemporaryGrid _grid = new();

    public void Dispose() => _grid.Dispose();

    private static StorageIndex Index(int number) => StorageIndex.From(Enumerable.Repeat((byte)number, 16).ToArray());

    private static LeaseSecrets Lease(int client) =>
        LeaseSecrets.Derive(Enumerable.Repeat((byte)client, 32).ToArray(), Index(0), new byte[20]);

    private static async Task<bool> PutAsync(DirectoryShareServer server, StorageIndex index, byte[] data, int client = 1)
    {
        await using var upload = await server.BeginUploadAsync(index, 0, data.Length, Lease(client), default);
        if (upload is null)
        {
            return false;
        }

        await upload.WriteAsync(data, default);
        return await upload.FinishAsync(default);
    }

    private static async Task<byte[]> ReadAsync(DirectoryShareServer server, StorageIndex index)
    {
        await using var share = await server.OpenShareAsync(index, 0, default);
        var data = new byte[share.Length];
        await share.ReadAsync(0, data, default);
        return data;
    }

    private static Task<ReadTestWriteResult> WriteMutableAsync(
        DirectoryShareServer server, StorageIndex index, byte[] expected, byte[] data, Digest? enabler = null, int client = 1)
    {
        var test = expected.Length == 0 ? TestVector.MustNotExist : TestVector.BeginsWith(expected);
        var request = new ReadTestWriteRequest([new ShareWrite(0, [test], [new WriteVector(0, data)], data.Length)], [new ReadVector(0, 1000)]);
        return server.ReadTestWriteAsync(index, enabler ?? Enabler, Lease(client), request, default);
    }
}
