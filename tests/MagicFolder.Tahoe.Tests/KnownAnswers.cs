using System.Text.Json;
using MagicFolder.Tahoe.Capabilities;

namespace MagicFolder.Tahoe.Tests;

/// <summary>What the real Tahoe-LAFS made: published vectors, and the storage directories of two grids.</summary>
internal static class KnownAnswers
{
    private static readonly string Root = FindRoot();

    internal static JsonElement[] VectorCases { get; } = [.. Load("tahoe/caps-public.json").GetProperty("cases").EnumerateArray()];

    internal static FixtureGrid OneOfOne { get; } = new(Path.Combine(Root, "1of1"));

    internal static FixtureGrid TwoOfThree { get; } = new(Path.Combine(Root, "2of3"));

    /// <summary>Directories of the real magic-folder.</summary>
    internal static FixtureGrid MagicFolder { get; } = new(Path.Combine(Root, "magic-folder"));

    internal static JsonElement Manifest => OneOfOne.Manifest;

    internal static JsonElement[] Immutable => OneOfOne.Immutable;

    internal static JsonElement[] Mutable => OneOfOne.Mutable;

    internal static JsonElement[] Directories => OneOfOne.Directories;

    internal static byte[] ConvergenceSecret => "tahoe-fixture-convergence-secret"u8.ToArray();

    internal static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    internal static int Number(this JsonElement element, string name) => element.GetProperty(name).GetInt32();

    internal static JsonElement VectorCase(int id) => VectorCases.Single(c => c.Number("id") == id);

    internal static byte[] VectorData(JsonElement vector)
    {
        var seed = Convert.FromBase64String(vector.Text("seed"));
        var data = new byte[vector.Number("length")];
        for (var i = 0; i < data.Length; i++)
        {
            data[i] = seed[i % seed.Length];
        }

        return data;
    }

    internal static byte[] PackedDirectory(string name) => OneOfOne.PackedDirectory(name);

    internal static byte[] PrivateKey(string name) => OneOfOne.PrivateKey(name);

    internal static byte[] ImmutableShare(StorageIndex index) => OneOfOne.ImmutableShares(index).ShouldHaveSingleItem();

    internal static byte[] MutableShare(StorageIndex index) => OneOfOne.MutableShares(index).ShouldHaveSingleItem();

    private static JsonElement Load(string path) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Root, path))).RootElement;

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var fixtures = Path.Combine(directory.FullName, "tests", "fixtures");
            if (Directory.Exists(Path.Combine(fixtures, "1of1")))
            {
                return fixtures;
            }
        }

        throw new DirectoryNotFoundException("tests/fixtures is not above the test program.");
    }
}
