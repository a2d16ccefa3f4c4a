using System.Text.Json;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Directories;
using MagicFolder.Tahoe.Mutable;
using MagicFolder.Tahoe.Tests.Immutable;

namespace MagicFolder.Tahoe.Tests.Directories;

/// <summary>Directories that were in use: those of the real magic-folder, read from the shares on the storage server.</summary>
public sealed class MagicFolderFixtureTests
{
    private static readonly FixtureGrid Grid = KnownAnswers.MagicFolder;

    private static readonly JsonElement State = Grid.Document("grid-state.json");

    /// <summary>Caps of the directories that the gateway was asked for.</summary>
    private static Dictionary<string, JsonElement> Listings { get; } = FindListings();

    [Fact]
    public async Task TheirChildrenAreThoseThatTheGatewayShowed()
    {
        Listings.Count.ShouldBe(19);
        foreach (var (text, listing) in Listings)
        {
            var cap = Cap.Parse<DirectoryCap>(text);
            var packed = await ReadAsync(cap);
            var table = DirectoryTable.Parse(packed, DirectoryAuthority.Of(cap));
            table.Skipped.ShouldBeEmpty();
            Listing.ShouldShow(table, listing);
            table.Pack().ShouldBe(packed);
            if (table.Authority.CanBuild)
            {
                table.Children.Aggregate(DirectoryTable.Empty(table.Authority), (made, child) => made.With(child)).Pack().ShouldBe(packed);
            }
        }
    }

    [Fact]
    public async Task ADeletedFileIsAChildWithoutCaps()
    {
        var without = 0;
        foreach (var text in Listings.Keys)
        {
            var cap = Cap.Parse<DirectoryCap>(text);
            without += DirectoryTable.Parse(await ReadAsync(cap), DirectoryAuthority.Of(cap)).Children.Count(child => child.Caps == ChildCaps.None);
        }

        without.ShouldBe(1);
    }

    /// <summary>From the stored time we get to the stored bytes: of the metadata, and of whole directories that were made by linking.</summary>
    [Theory]
    [InlineData("alice.list.json", "collective_dircap")]
    [InlineData("alice.list.json", "upload_dircap")]
    [InlineData("bob.list.json", "upload_dircap")]
    public async Task LinkingTheSameChildrenAtTheSameTimesGivesTheSameBytes(string list, string name)
    {
        var cap = Cap.Parse<DirectoryCap>(Grid.Document(list).GetProperty("photos").Text(name));
        var packed = await ReadAsync(cap);
        var made = DirectoryTable.Empty(DirectoryAuthority.Of(cap));
        made.Authority.CanBuild.ShouldBeTrue();
        foreach (var child in DirectoryTable.Parse(packed, made.Authority).Children.Reverse())
        {
            var record = JsonDocument.Parse(child.Metadata.Json).RootElement.GetProperty("tahoe");
            made = made.Link(child.Name, child.Caps, null, At(record.GetProperty("linkcrtime")));
            made = made.Link(child.Name, child.Caps, null, At(record.GetProperty("linkmotime")));
        }

        made.Count.ShouldBeGreaterThan(2);
        made.Pack().ShouldBe(packed);
    }

    private static DateTimeOffset At(JsonElement seconds) => DateTimeOffset.UnixEpoch.AddTicks((long)(seconds.GetDecimal() * TimeSpan.TicksPerSecond));

    private static async Task<byte[]> ReadAsync(DirectoryCap cap) => cap.Inner switch
    {
        LiteralCap literal => literal.Data.ToArray(),
        ChkCap chk => await Chk.DecodeAsync(chk, Chk.Pick(Grid.ImmutableShares(chk.StorageIndex), 0)),
        MutableWriteCap write => Read(write.ToReadCap()),
        MutableReadCap read => Read(read),
        _ => throw new ArgumentException("This cap does not read.", nameof(cap)),
    };

    private static byte[] Read(MutableReadCap cap) => SdmfReader.Read(Grid.MutableShares(cap.StorageIndex)[0], 0, cap).Content.ToArray();

    private static Dictionary<string, JsonElement> FindListings()
    {
        var listings = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var participants = State.GetProperty("participants").EnumerateObject().Where(item => item.Value.ValueKind == JsonValueKind.Array).Select(item => item.Value);
        var snapshots = State.GetProperty("snapshots").EnumerateObject().Select(item => item.Value.GetProperty("directory"));
        foreach (var listing in new[] { State.GetProperty("collective") }.Concat(participants).Concat(snapshots).Select(item => item[1]))
        {
            listings[(listing.TryGetProperty("rw_uri", out var write) ? write : listing.GetProperty("ro_uri")).GetString()!] = listing;
        }

        return listings;
    }
}
