package us.kbase.caching.stress.siege;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WeatherTest {

    @Test
    void aCallIsHeldToTheWorstThatItMet() {
        Weather weather = new Weather();
        int before = weather.now();
        weather.change(2_000);
        int meanwhile = weather.now();
        weather.change(500);
        assertEquals(2_000, weather.worstSince(before));
        assertEquals(2_000, weather.worstSince(meanwhile));
        assertEquals(500, weather.worstSince(weather.now()));
    }
}
