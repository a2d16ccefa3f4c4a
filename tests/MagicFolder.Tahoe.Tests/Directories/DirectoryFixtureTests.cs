using System.Text.Json;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Directories;
using MagicFolder.Tahoe.Immutable;
using MagicFolder.Tahoe.Mutable;
using MagicFolder.Tahoe.Tests.Immutable;
using MagicFolder.Tahoe.Tests.Mutable;

namespace MagicFolder.Tahoe.Tests.Directories;

/// <summary>Directories that the real Tahoe-LAFS made, against what its gateway said of them.</summary>
public sealed class DirectoryFixtureTests
{
    /// <summary>Grid and name.</summary>
    public static TheoryData<string, string> Directories
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (grid, directories) in new[] { ("1of1", KnownAnswers.OneOfOne.Directories), ("2of3", KnownAnswers.TwoOfThree.Directories) })
            {
                foreach (var item in directories)
                {
                    data.Add(grid, item.Text("name"));
                }
            }

            return data;
        }
    }

    [Fact]
    public void AllOfThemAreThere() => Directories.Count.ShouldBe(16);

    [Theory]
    [MemberData(nameof(Directories))]
    public void TheHolderOfTheCapSeesWhatTheGatewayShowed(string grid, string name)
    {
        var (cap, packed) = Find(grid, name);
        Listing.ShouldShow(DirectoryTable.Parse(packed, DirectoryAuthority.Of(cap)), GridOf(grid).DirectoryListing(name, readOnly: false));
    }

    [Theory]
    [MemberData(nameof(Directories))]
    public void TheHolderOfTheReadCapSeesNoWriteCap(string grid, string name)
    {
        var (cap, packed) = Find(grid, name);
        var table = DirectoryTable.Parse(packed, DirectoryAuthority.Of(cap.ToReadOnly()));
        table.Children.ShouldAllBe(child => child.Caps.Write == null);
        Listing.ShouldShow(table, GridOf(grid).DirectoryListing(name, readOnly: true));
    }

    [Theory]
    [MemberData(nameof(Directories))]
    public void PackedAgainFromTheirChildrenTheyAreTheSameBytes(string grid, string name)
    {
        var (cap, packed) = Find(grid, name);
        var table = DirectoryTable.Parse(packed, DirectoryAuthority.Of(cap));
        table.Skipped.ShouldBeEmpty();
        table.Pack().ShouldBe(packed);
        var made = DirectoryTable.Empty(table.Authority);
        foreach (var child in table.Children.Reverse())
        {
            made = made.With(child);
        }

        made.Pack().ShouldBe(packed);
    }

    [Theory]
    [MemberData(nameof(Directories))]
    public void CapsOfDirectoriesHaveTheirReadAndVerifyForms(string grid, string name)
    {
        var (cap, _) = Find(grid, name);
        var listing = GridOf(grid).DirectoryListing(name, readOnly: false);
        cap.ToReadOnly().ToUriString().ShouldBe(listing.Text("ro_uri"));
        (cap.ToVerifyCap()?.ToUriString()).ShouldBe(listing.TryGetProperty("verify_uri", out var verify) ? verify.GetString() : null);
        if (cap.ToVerifyCap() is { } verifier)
        {
            Should.Throw<ArgumentException>(() => DirectoryAuthority.Of(verifier));
        }
    }

    /// <summary>From children to shares: the caps of immutable directories come out, and so does what the storage servers hold.</summary>
    [Theory]
    [InlineData("1of1")]
    [InlineData("2of3")]
    public async Task ImmutableDirectoriesGetTheCapsThatTahoeGaveThem(string grid)
    {
        var (k, n) = grid == "1of1" ? (1, 1) : (2, 3);
        foreach (var name in new[] { "DIR2-CHK", "DIR2-LIT", "DIR2-LIT-empty" })
        {
            var (cap, packed) = Find(grid, name);
            var children = DirectoryTable.Parse(packed, DirectoryAuthority.Immutable).Children;
            using var tree = new TreePublication(children.Select(child => new TreeEntry([child.Name.Text], child.Caps.Read, child.Metadata)));
            while (tree.Next() is { } directory)
            {
                var plain = directory.Packed.ToArray();
                var parameters = new ChkParameters(k, n);
                var key = await ConvergentKey.ComputeAsync(new MemoryStream(plain), plain.Length, KnownAnswers.ConvergenceSecret, parameters, Chk.Cancel);
                var (stored, shares) = await Chk.EncodeAllAsync(plain, parameters, key);
                shares.ShouldBe(GridOf(grid).ImmutableShares(stored.StorageIndex));
                tree.Stored(stored);
            }

            tree.Root.ShouldBe(cap);
        }
    }

    [Theory]
    [InlineData("1of1")]
    [InlineData("2of3")]
    public async Task AnEmptyMdmfDirectoryIsReadFromItsShares(string grid)
    {
        var (cap, packed) = Find(grid, "DIR2-MDMF-empty");
        var file = cap.Inner.ShouldBeOfType<MutableWriteCap>();
        (await Mdmf.ReadAsync(file, Mdmf.All(GridOf(grid).MutableShares(file.StorageIndex)))).ShouldBe(packed);
        DirectoryTable.Parse(packed, DirectoryAuthority.Of(cap)).Count.ShouldBe(0);
    }

    private static FixtureGrid GridOf(string name) => name == "1of1" ? KnownAnswers.OneOfOne : KnownAnswers.TwoOfThree;

    private static (DirectoryCap Cap, byte[] Packed) Find(string grid, string name)
        => (Cap.Parse<DirectoryCap>(GridOf(grid).Directories.Single(d => d.Text("name") == name).Text("cap")), GridOf(grid).PackedDirectory(name));
}
