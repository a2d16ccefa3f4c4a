using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Grid.Tests.Servers;

/// <summary>The shares of an object are looked for on all servers at the same time.</summary>
public sealed class OpenedSharesTests
{
    private static readonly StorageIndex Index = AesKey.From(new byte[16]).ToStorageIndex();

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<Handle> _handles = [];

    [Fact]
    public async Task ServersAreAskedAtTheSameTimeAndWhoAnswersLastKeepsItsPlace()
    {
        var asked = new CountdownEvent(3);
        var others = new CountdownEvent(2);
        await using var opened = Of(
            Server("first", () =>
            {
                Meet(asked);
                others.Wait(Patience, TestContext.Current.CancellationToken).ShouldBeTrue();
            }),
            Server("second", () =>
            {
                Meet(asked);
                others.Signal();
                throw new GridException(GridFailure.Io, "second");
            }),
            Server("third", () =>
            {
                Meet(asked);
                others.Signal();
            }));
        await opened.AddAllAsync(default);
        opened.Shares.Select(share => (share.Server.Name, share.Number)).ShouldBe([("first", 0), ("first", 1), ("third", 0), ("third", 1)]);
        opened.Roll.Troubles.ShouldHaveSingleItem().Server.ShouldBe("second");
    }

    [Fact]
    public async Task WhateverEndsItAllThatWasOpenedIsClosed()
    {
        var othersAreOpen = new TaskCompletionSource();
        var opened = Of(
            Server("first", () => throw new InvalidOperationException("first")),
            Server("second", () => othersAreOpen.Task.Wait(Patience, TestContext.Current.CancellationToken)),
            Server("third", () => othersAreOpen.SetResult()));
        (await Should.ThrowAsync<InvalidOperationException>(() => opened.AddAllAsync(default))).Message.ShouldBe("first");
        await opened.DisposeAsync();
        _handles.Count.ShouldBe(4);
        _handles.ShouldAllBe(handle => handle.IsClosed);
    }

    [Fact]
    public async Task ASingleServerIsAskedOnTheThreadOfTheCaller()
    {
        int thread = 0;
        await using var opened = Of(Server("only", () => thread = Environment.CurrentManagedThreadId));
        var adding = opened.AddAllAsync(default);
        thread.ShouldBe(Environment.CurrentManagedThreadId);
        await adding;
        opened.Shares.Count.ShouldBe(2);
    }

    private static void Meet(CountdownEvent all)
    {
        all.Signal();
        all.Wait(Patience, TestContext.Current.CancellationToken).ShouldBeTrue("The servers are asked one after the other.");
    }

    private static OpenedShares Of(params NamedServer[] servers) => new(Index, new ServerRoll(servers, [], servers.Length), happy: 1);

    private NamedServer Server(string name, Action beforeListing) => new(name, new ScriptedServer(beforeListing, this), new byte[32]);

    private sealed class ScriptedServer(Action beforeListing, OpenedSharesTests tests) : IShareServer
    {
        public ServerIdentity Identity { get; } = new(new byte[20], []);

        public Task<IReadOnlyList<int>> ListSharesAsync(StorageIndex index, CancellationToken cancel)
        {
            beforeListing();
            return Task.FromResult<IReadOnlyList<int>>([0, 1]);
        }

        public Task<IShareHandle> OpenShareAsync(StorageIndex index, int number, CancellationToken cancel)
        {
            var handle = new Handle();
            lock (tests._handles)
            {
                tests._handles.Add(handle);
            }

            return Task.FromResult<IShareHandle>(handle);
        }

        public Task<IShareUpload?> BeginUploadAsync(StorageIndex index, int number, long size, LeaseSecrets lease, CancellationToken cancel) => throw new NotSupportedException();

        public Task<ReadTestWriteResult> ReadTestWriteAsync(StorageIndex index, Digest enabler, LeaseSecrets lease, ReadTestWriteRequest request, CancellationToken cancel) =>
            throw new NotSupportedException();

        public Task<bool> AddOrRenewLeaseAsync(StorageIndex index, LeaseSecrets lease, CancellationToken cancel) => throw new NotSupportedException();
    }

    private sealed class Handle : IShareHandle
    {
        public bool IsClosed { get; private set; }

        public long Length => 0;

        public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel) => throw new NotSupportedException();

        public ValueTask DisposeAsync()
        {
            IsClosed = true;
            return ValueTask.CompletedTask;
        }
    }
}
